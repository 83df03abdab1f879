"""The report as a reader meets it, in Chromium, from a file, offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.report.sample import bare_findings, sample_findings, tied_at_the_top, without_scores_dates_customers

from huiyin.report import write_html

pytestmark = pytest.mark.browser

FILES = {
    "full": sample_findings,
    "tied": tied_at_the_top,
    "plain": without_scores_dates_customers,
    "bare": bare_findings,
}
FIRST = "p-delivery-delay"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports")
    for name, make in FILES.items():
        write_html(make(), path / f"{name}.html")
    return path


class Reader:
    """Opens reports and keeps everything the browser complained about or asked for."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def open(self, name: str = "full", address: str = "", width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        page = self.browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.add_init_script("document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))")
        page.goto(f"{(self.folder / f'{name}.html').as_uri()}{address}")
        page.wait_for_selector("main #basis")
        return page


@pytest.fixture
def reader(browser: Browser, folder: Path) -> Iterator[Reader]:
    opened = Reader(browser, folder)
    yield opened
    for context in browser.contexts:
        context.close()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("dark", [False, True])
def test_no_complaint_and_no_request(reader: Reader, name: str, dark: bool) -> None:
    page = reader.open(name, f"#p={FIRST}", dark=dark)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator("[data-lang=en]").click()
    assert reader.complaints == []
    assert [url for url in reader.requests if not url.startswith(("file:", "data:"))] == []


def test_hostile_words_are_shown_and_do_not_run(reader: Reader) -> None:
    page = reader.open(address=f"#p={FIRST}")
    assert page.locator(".voice-text", has_text="</script><script>window.__pwned=1").count() == 1
    page.wait_for_timeout(100)
    assert page.evaluate("window.__pwned") is None
    assert page.locator("main img, main script, main a[href^=javascript]").count() == 0


def test_the_policy_stops_markup_made_from_text(reader: Reader) -> None:
    page = reader.open()
    refused = page.evaluate("(() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } })()")
    assert refused


def test_a_right_to_left_override_ends_with_its_quote(reader: Reader) -> None:
    page = reader.open(address=f"#p={FIRST}")
    voice = page.locator(".voice-text", has_text="javascript:window")
    assert voice.evaluate("node => [node.tagName, getComputedStyle(node).unicodeBidi]") == ["BDI", "isolate"]


def test_a_hundred_thousand_letters_fold(reader: Reader) -> None:
    page = reader.open(address=f"#p={FIRST}")
    voice = page.locator(".evidence figure.voice:has(button)")
    assert "100,000" in voice.locator("button").inner_text()
    assert len(voice.locator(".voice-text").inner_text()) < 320
    assert voice.locator("mark").count() == 1
    voice.locator("button").click()
    assert len(voice.locator(".voice-text").text_content() or "") >= 100_000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_screen_holds_the_conclusion(reader: Reader) -> None:
    page = reader.open()
    assert page.locator("h1").inner_text() == "「交付延期且不告知原因」是头号问题"
    for part in (".tiles", ".top-five", ".changes", ".weekly-volume .chart"):
        box = page.locator(part).bounding_box()
        assert box is not None, part
        assert box["y"] + box["height"] <= 900, part
    assert page.locator(".top-five tbody tr").count() == 5
    assert page.locator(".changes li").count() == 5


def test_a_tie_and_a_partial_run_are_said_aloud(reader: Reader) -> None:
    page = reader.open("tied")
    assert "难分先后" in page.locator("h1").inner_text()
    assert "提前停止" in page.locator(".partial").inner_text()


def ranks(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".problem-row .rank").all_inner_texts()]


def test_sorting_by_any_header(reader: Reader) -> None:
    page = reader.open()
    assert ranks(page) == list(range(1, 13))
    page.locator("[data-sort=intensity]").click()
    assert ranks(page)[0] == 4
    assert page.locator("th.col-intensity").get_attribute("aria-sort") == "descending"
    page.locator("[data-sort=intensity]").click()
    assert ranks(page)[-1] == 4
    for key in ("name", "frequency", "harm", "score", "certainty", "trend", "owner", "rank"):
        page.locator(f"[data-sort={key}]").click()
        assert sorted(ranks(page)) == list(range(1, 13)), key


def test_filtering_keeps_what_matches(reader: Reader) -> None:
    page = reader.open()
    page.keyboard.press("/")
    page.keyboard.type("交付履约")
    assert ranks(page) == [1, 7]
    assert page.locator(".shown").inner_text().replace(" ", "") == "2/12个"
    page.locator("input[type=search]").fill("没有这个")
    assert "没有符合" in page.locator("table.problems tbody").inner_text()


def test_a_problem_opens_and_closes_by_keyboard_and_by_address(reader: Reader) -> None:
    page = reader.open()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert "p=p-battery-winter_range" in page.url
    assert page.locator("article.problem .problem-name").inner_text() == "冬季续航缩水、预估不准"
    page.reload()
    page.wait_for_selector("article.problem")
    page.keyboard.press("Escape")
    assert page.locator("article.problem").count() == 0
    assert "p=" not in page.url


def test_every_quote_given_is_on_the_wall(reader: Reader) -> None:
    page = reader.open(address=f"#p={FIRST}")
    given = len(sample_findings().problems[0].evidence)
    assert given > 25
    assert page.locator(".evidence figure.voice").count() == given
    assert page.locator(".evidence mark.negative.own").count() >= given - 1
    assert page.locator(".evidence mark.positive").count() == 2


def test_why_it_ranks_there_is_said_in_words(reader: Reader) -> None:
    page = reader.open(address=f"#p={FIRST}")
    text = page.locator(".reasons").inner_text()
    assert "提到的人最多（59.2‰）" in text
    assert "1,880次排第1" in text
    assert "只看强度，它排第2，「车机升级后导航黑屏」排到第1" in text


def test_every_chart_has_a_sentence_and_its_figures(reader: Reader) -> None:
    page = reader.open(address=f"#p={FIRST}")
    blocks = page.locator(".figure-block").filter(has=page.locator(".chart"))
    assert blocks.count() >= 6
    for block in blocks.all():
        assert len(block.locator(".chart").get_attribute("aria-label") or "") > 12
        assert block.locator("details.data tbody tr").count() >= 2
        block.locator(".chart svg").wait_for(state="attached")


LABELS = r"""() => {
  const han = /\p{Script=Han}/u, found = [];
  const own = node => !node.closest('[data-given], [data-lang], script, noscript');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (han.test(walk.currentNode.data) && own(walk.currentNode.parentElement)) found.push(walk.currentNode.data);
  for (const node of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder'])
      if (own(node) && han.test(node.getAttribute(name) || '')) found.push(node.getAttribute(name));
  return found;
}"""


@pytest.mark.parametrize("name", FILES)
def test_english_leaves_no_chinese_label(reader: Reader, name: str) -> None:
    page = reader.open(name, f"#p={FIRST}")
    page.locator("[data-lang=en]").click()
    assert "lang=en" in page.url
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate(LABELS) == []
    page.reload()
    page.wait_for_selector("main #basis")
    assert page.locator("#problems h2").inner_text() == "Problems"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("address", ["", f"#p={FIRST}", f"#lang=en&p={FIRST}"])
@pytest.mark.parametrize("width", [390, 768])
def test_no_sideways_scroll(reader: Reader, name: str, address: str, width: int) -> None:
    page = reader.open(name, address, width=width, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_ratings_the_harm_column_goes_and_it_is_said(reader: Reader) -> None:
    page = reader.open("plain", f"#p={FIRST}")
    assert page.locator("th.col-harm, td.of-harm").count() == 0
    assert page.locator(".note-line").inner_text() == "没有评分，伤害未计：综合分 = 频率 × 强度。"
    assert page.locator(".formula").inner_text() == "综合分 = 频率 × 强度"
    assert "每千条反馈" in page.locator("th.col-frequency").inner_text()
    assert "没有日期" in page.locator(".changes").inner_text()
    assert "看不出变化" in page.locator("article.problem").inner_text()


def test_an_empty_analysis_says_so_everywhere(reader: Reader) -> None:
    page = reader.open("bare")
    assert page.locator("h1").inner_text() == "没有成规模的问题"
    assert "样本不足（n=7）" in page.locator(".tiles").inner_text()
    text = page.locator("main").inner_text()
    assert not re.search(r"\b(?:null|undefined|NaN|Infinity)\b", text)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_machine_word_reaches_the_reader(reader: Reader, name: str, lang: str) -> None:
    page = reader.open(name, f"#lang={lang}&p={FIRST}")
    assert not re.search(r"\b(?:null|undefined|NaN|Infinity|\[object)\b", page.locator("main").inner_text())


def test_paper_gets_the_first_problems_in_full(reader: Reader) -> None:
    page = reader.open()
    assert len(page.pdf(prefer_css_page_size=True, print_background=True)) > 50_000
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".sheets article.problem").count() == 5
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".sheets").count() == 0

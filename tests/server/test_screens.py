"""What every screen shares: languages, appearance, fragments, errors, the strict policy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from tests.server.world import World

from huiyin.server.config.found import found_apps
from huiyin.server.web import catalogues, messages
from huiyin.server.web.assets import ICONS, MANIFEST, icon_paths
from huiyin.server.web.delimited import safe_cell
from huiyin.server.web.errors import server_error
from huiyin.server.web.navigation import all_entries
from huiyin.server.web.templatetags.huiyin_web import moment_words

SERVER = catalogues.SERVER
HAN = re.compile("[一-鿿]")
OWNERS = ["web", "foundation/people", "foundation/audit"]
PAGES = ["/", "/people/", "/people/invite/", "/people/teams/", "/people/teams/new/", "/audit/", "/me/"]


def test_the_switch_is_kept_with_the_person_and_for_strangers_in_a_cookie(world: World, client: Client) -> None:
    assert "登录" in client.get("/sign-in/").content.decode()
    assert client.post("/preferences/", {"language": "en", "next": "/sign-in/"}).url == "/sign-in/"
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()
    client.force_login(world.people["analyst"])
    assert '<html lang="zh-Hans"' in client.get("/").content.decode()
    client.post("/preferences/", {"language": "zh-hant"})
    page = client.get("/").content.decode()
    assert '<html lang="zh-Hant"' in page
    assert "還沒有客戶的聲音" in page
    world.people["analyst"].refresh_from_db()
    assert world.people["analyst"].language == "zh-hant"


@pytest.mark.parametrize("address", PAGES)
def test_the_english_screen_holds_no_chinese_but_names(world: World, client: Client, address: str) -> None:
    client.force_login(world.administrator)
    client.post("/preferences/", {"language": "en"})
    page = client.get(address).content.decode()
    body = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", page, flags=re.S)
    for own in (
        "回音",
        "简体中文",
        "繁體中文",
        "简",
        "繁",
        "周砚",
        "周",
        "交付履约",
        "三电能效",
        "华东",
        "杭州滨江店",
        "何穗",
        "数据仓库",
        "交",
        "三",
    ):
        body = body.replace(own, "")
    assert HAN.findall(body) == []


@pytest.mark.parametrize("owner", OWNERS)
def test_catalogues_are_complete_and_up_to_date(owner: str) -> None:
    folder = SERVER / owner
    for language in ("en", "zh_Hant"):
        assert messages.missing(folder, language) == [], "run python -m huiyin.server.web.messages and translate"


def test_compiled_catalogues_say_what_the_source_says(tmp_path: Path) -> None:
    import gettext

    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "听"\nmsgstr "listen"\n\nmsgctxt "stage"\nmsgid "听"\nmsgstr "Hear"\n\n'
        'msgid "一"\nmsgid_plural "多"\nmsgstr[0] "one"\nmsgstr[1] "many"\n\nmsgid "空"\nmsgstr ""\n',
        encoding="utf-8",
    )
    assert catalogues.compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert catalogues.compile_catalogues(tmp_path) == []
    with (folder / "django.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert (read.gettext("听"), read.pgettext("stage", "听"), read.gettext("空")) == ("listen", "Hear", "空")
    assert [read.ngettext("一", "多", n) for n in (1, 2)] == ["one", "many"]


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_is_strict_and_the_page_keeps_to_it(world: World, client: Client, address: str) -> None:
    client.force_login(world.administrator)
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


@pytest.mark.parametrize("address", ["/people/", "/audit/", "/people/teams/", "/me/"])
def test_htmx_gets_the_part_and_history_the_page(world: World, client: Client, address: str) -> None:
    client.force_login(world.administrator)
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    assert "<html" in client.get(address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).content.decode()


def test_errors_wear_the_house_and_tell_what_to_do(world: World, client: Client) -> None:
    client.force_login(world.people["everyone"])
    for address, status, word in (("/nowhere/", 404, "没有这一页"), ("/audit/", 403, "别的角色")):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == status
        assert word in page
        assert "回首页" in page
    assert answer.headers["X-Request-Id"] in page
    assert client.get("/api/v1/nowhere").status_code == 404
    request = RequestFactory().get("/")
    request.request_id = "abc123"
    page = server_error(request).content.decode()
    assert "abc123" in page
    assert "都还在" in page


def test_navigation_shows_what_the_role_may_use(world: World, client: Client) -> None:
    client.force_login(world.people["everyone"])
    page = client.get("/").content.decode()
    assert "操作记录" not in page
    assert "邀请同事" not in page
    client.force_login(world.administrator)
    page = client.get("/audit/").content.decode()
    assert re.search(r'href="/audit/" aria-current="page"', page)


def test_every_icon_named_is_packed() -> None:
    assert MANIFEST.is_file(), "the assets are not built: pip install -e . or npm run build"
    named = {entry.icon for entry in all_entries()}
    for app in ("huiyin.server.web", *found_apps()):
        for file in (SERVER / Path(*app.split(".")[2:])).rglob("*.html"):
            named |= set(re.findall(r'\{%\s*icon\s+"([a-z0-9-]+)"', file.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not icon_paths(name)] == [], f"run npm run build, then look at {ICONS}"


def test_time_is_said_as_people_say_it() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with translation.override("zh-hans"):
        said = [
            moment_words(now - ago, now)
            for ago in (timedelta(seconds=5), timedelta(minutes=8), timedelta(hours=3), timedelta(days=1), timedelta(days=9))
        ]
        assert said == ["刚刚", "8 分钟前", "今天 17:00", "昨天 20:00", "11月13日"]
        assert moment_words(datetime(2025, 3, 2, tzinfo=UTC), now) == "2025年3月2日"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1+2", "@x", "\t=1"])
def test_text_never_becomes_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell(-3) == -3

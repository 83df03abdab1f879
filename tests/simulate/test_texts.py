import re
import statistics

from opencc import OpenCC

from huiyin.simulate import World
from huiyin.simulate.company import PRODUCTS
from huiyin.simulate.effects import COMPLAINTS, PLANTED, PRAISES
from huiyin.simulate.templates import chinese, english

CODES = tuple(product.code for product in PRODUCTS)


def texts(world: World) -> list[str]:
    return [str(text) for text in world.records["内容"].to_pylist()]


def test_lengths_are_those_of_everyday_feedback(world: World) -> None:
    lengths = [len(text) for text in texts(world)]
    assert 35 <= statistics.median(lengths) <= 60
    assert min(lengths) >= 2
    assert max(lengths) <= 300
    assert any(length > 150 for length in lengths)


def test_hardly_any_two_longer_texts_are_alike(world: World) -> None:
    longer = [text for text in texts(world) if len(text) > 20]
    assert len(set(longer)) / len(longer) >= 0.95


def test_no_opening_dominates(world: World) -> None:
    longer = [text for text in texts(world) if len(text) > 20]
    openings = [text[:6] for text in longer]
    assert max(openings.count(opening) for opening in set(openings)) / len(longer) < 0.03


def test_one_text_in_twenty_is_english(world: World) -> None:
    found = sum(not re.search(r"[\u4e00-\u9fff]", text) and len(re.findall(r"[A-Za-z]", text)) > 3 for text in texts(world))
    assert 0.04 < world.truth.english / 20_000 < 0.06
    assert abs(found - world.truth.english) < 40  # "yyds" is Chinese


def test_one_text_in_twelve_is_traditional(world: World) -> None:
    simplify = OpenCC("t2s")
    assert 0.07 < world.truth.traditional / 20_000 < 0.09
    found = sum(simplify.convert(text) != text for text in texts(world))
    assert 0.055 < found / 20_000 < 0.11  # some short texts look the same in both scripts, some typos are 怎麽


def test_every_slot_and_bracket_is_filled(world: World) -> None:
    left = [text for text in texts(world) if re.search(r"[{}|\x00\n]", text)]
    assert left == []


def test_bought_praise_asks_for_cash_back(world: World) -> None:
    bought = [text for text in texts(world) if "返" in text and "好评" in text]
    assert 0.001 < len(bought) / 20_000 < 0.008
    assert len(bought) >= 0.8 * world.truth.bought_praise


def test_hotline_texts_speak_of_the_customer(world: World) -> None:
    spoken = [text for text, channel in zip(texts(world), world.records["渠道"].to_pylist(), strict=True) if channel == "热线转写"]
    marks = re.compile("客户|用户|来电|客戶|用戶|來電|致电|致電|回访|回訪")
    assert sum(bool(marks.search(text)) for text in spoken) / len(spoken) > 0.98


def test_there_are_enough_wordings_for_each_aspect() -> None:
    words = chinese(CODES)
    planted = {effect.path for effect in PLANTED} | {effect.moved_to for effect in PLANTED if effect.moved_to}
    for complaint in COMPLAINTS:
        for product in complaint.products:
            assert len(words.complaints[complaint.path, product]) >= (12 if complaint.path in planted else 5), complaint.path
            assert english(CODES).complaints[complaint.path, product]
    for praise in PRAISES:
        for product in praise.products:
            assert words.praises[praise.path, product], praise.path
            assert english(CODES).praises[praise.path, product], praise.path

import random

from huiyin.text.codepoints import encode, fold
from huiyin.text.duplicates import group, sign

LONG = "这家酒店的房间很干净，前台服务也非常热情，早餐种类丰富，位置离地铁站很近，下次来出差还会选择这里入住"


def grouped(texts: list[str]) -> set[frozenset[str]]:
    numbers = group(sign(fold(encode(texts)))).tolist()
    return {frozenset(text for text, number in zip(texts, numbers, strict=True) if number == one) for one in numbers}


def same(first: str, second: str) -> bool:
    numbers = group(sign(fold(encode([first, "完全不相干的另外一段话，说的是天气和足球比赛的结果", second]))))
    assert numbers[0] != numbers[1]
    return bool(numbers[0] == numbers[2])


def test_punctuation_spaces_emoji_and_script_make_no_difference() -> None:
    assert same(LONG, LONG.replace("，", " ") + "！！😀")
    assert same(LONG, LONG.replace("热情", "熱情").replace("种类", "種類"))


def test_a_small_change_in_a_long_text_is_a_near_duplicate() -> None:
    assert same(LONG * 2, LONG * 2 + "哦")


def test_other_texts_are_none() -> None:
    assert not same(LONG, "手机屏幕有划痕，客服态度很差，申请退货一直不处理，非常失望，以后不会再买这个牌子了")


def test_short_texts_are_none() -> None:
    assert not same("还不错", "还不错")


def test_order_changes_no_group() -> None:
    texts = [LONG, LONG + "！", LONG * 2, LONG * 2 + "哦", "还不错", "物流太慢了，等了一个星期才送到，包装也破了", "", "好评" * 10]
    shuffled = texts[:]
    random.Random(3).shuffle(shuffled)
    assert grouped(texts) == grouped(shuffled)


def test_no_texts() -> None:
    assert len(group(sign(fold(encode([]))))) == 0

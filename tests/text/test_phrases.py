import pytest

from huiyin.text.codepoints import encode, fold
from huiyin.text.phrases import PhraseFinder


def found(phrases: list[str], text: str) -> list[str]:
    folded = fold(encode([text]))
    finder = PhraseFinder(phrases)
    return [finder.phrases[phrase] for phrase in finder.find(folded).phrase]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["app"], "apple app snapp", ["app"]),
        (["app", "app store"], "app storefront", ["app"]),
        (["bad", "not bad"], "knot bad", ["bad"]),
        (["加v"], "加video", []),
        (["加v"], "加V吧", ["加v"]),
        (["a货"], "这是A货", ["a货"]),
        (["wifi"], "连wifi慢", ["wifi"]),
        (["错", "不错"], "不错", ["不错"]),
        (["價格"], "价格ＰＲＩＣＥ", ["价格"]),
        (["price"], "價格ＰＲＩＣＥ", ["price"]),
        (["5g"], "5G很慢", ["5g"]),
        ([], "好", []),
    ],
)
def test_phrases_in_a_text(phrases: list[str], text: str, expected: list[str]) -> None:
    assert found(phrases, text) == expected

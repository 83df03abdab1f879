import pytest

from huiyin.text.codepoints import encode, fold
from huiyin.text.language import LANGUAGES, SCRIPTS, detect


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("服务很好，东西不错", "zh", "hans"),
        ("服務很好，東西不錯", "zh", "hant"),
        ("the service is good", "en", "other"),
        ("とても良いサービスでした", "ja", "other"),
        ("서비스가 좋아요", "ko", "other"),
        ("очень хорошо", "ru", "other"),
        ("这个app很好用", "zh", "hans"),
        ("good service 好", "en", "other"),
        ("", "und", "none"),
        ("😀123!!", "und", "none"),
    ],
)
def test_language_and_script(text: str, language: str, script: str) -> None:
    points = encode(["旁边的文字", text])
    found = detect(points, fold(points))
    assert (LANGUAGES[found.language[1]], SCRIPTS[found.script[1]]) == (language, script)


def test_no_texts() -> None:
    points = encode([])
    assert len(detect(points, fold(points)).language) == 0

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.text import Reader
from huiyin.text.cleaning import clean
from huiyin.text.cues import opinion_cues, signal_cues

BAD = {
    "none": None,
    "empty": "",
    "spaces": " \t　",
    "emoji": "😀",
    "one character": "好" * 200_000,
    "long": "屏幕很好，但是电池差。" * 9_100,
    "surrogate": "好\ud800\udc00用\udfff",
    "right to left": "\u202e好\u200f用\u202c",
    "joiners": "\u200d" * 500 + "好",
    "nul": "\x00好\x00",
    "separators": "\x1e\x1e好\x1e",
    "separators only": "\x1e" * 20,
    "punctuation": "。，！？……!!!",
    "entity of a surrogate": "&#xD800;&#0;&#x110000;&#x1e;",
    "ampersands": "&" * 50_000 + "&amp" * 5_000,
    "deep html": "<div>" * 10_000 + "好" + "</div>" * 10_000,
    "line breaks": "\n" * 500_000 + "回复" + "\n" * 500_000,
    "replies": "开发者回复：" * 20_000,
    "notes": "\n该条评论已经被删除" * 5_000,
    "dashes": "-" * 100_000 + "回复",
    "digits": "1" * 100_000,
    "spaced digits": "1 " * 20_000,
    "plane 16": "\U0010ffff\ufffe\uffff",
    # Each of these once took the square of its length.
    "one clause of conditions": "如果好" * 60_000,
    "one clause of comparisons": "比好" * 100_000,
    "one clause of wishes": "希望好就好了" * 30_000,
    "quotation marks": "“好”" * 60_000,
    "accounts": "vxa_" * 50_000,
    "then and now": "以前好，现在好，" * 20_000,
    "private use": "\U000f0061\U000f1062",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_text_reads_as_one_row_and_can_be_stored(general: Reader, name: str) -> None:
    reading = general.read([BAD[name], "屏幕很好"])
    feedback, mention = reading.feedback_columns(), reading.mention_columns()
    assert len(reading) == 2
    assert {len(column) for column in feedback.values()} == {2}
    assert all(feedback["text"][at].as_py().encode("utf-8").decode("utf-8") == text for at, text in enumerate(reading.texts))
    assert set(mention["row"].to_pylist()) <= {0, 1}
    assert feedback["sentiment"][1].as_py() > 0.2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(st.characters(), max_size=40)), max_size=5))
def test_any_texts_read(general: Reader, texts: list[str | None]) -> None:
    reading = general.read(texts)
    assert len(reading) == len(texts) == len(reading.feedback_columns()["text"])
    assert all("\x1e" not in text and "\x00" not in text for text in reading.texts)


PIECES = st.sampled_from(
    [
        *opinion_cues().finder.phrases[::7],
        *signal_cues().finder.phrases[::11],
        *[
            "\x00",
            "\x1e",
            "\u200d",
            "�",
            "�",
            "\u202e",
            "\u200f",
            "️",
            "👨\u200d👩\u200d👧",
            "。",
            "，",
            "？",
            "!",
            "“",
            "”",
            "「",
            "-",
            "",
            "—",
            "_",
            "1",
            "138",
            "一",
            "幺",
            "【",
            "】",
            "@",
            "#at#",
            "路",
            "号",
            "栋",
            "护照",
            "E12345678",
            "座",
            "是",
            "归",
            "A",
            "mr.",
            "先生",
            "小",
            "客服",
            "𠮷",
            "İ",
            "ﬁ",
            "&amp;",
            "<br>",
            "̀",
            "ﷺ",
            "\ufeff",
        ],
        "\n",
        " ",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.lists(st.lists(PIECES, max_size=14).map("".join), min_size=1, max_size=4))
def test_cues_in_any_order_read_the_same_alone_and_among_others(general: Reader, texts: list[str]) -> None:
    whole = general.read(texts)
    for at, text in enumerate(texts):
        alone = general.read([text])
        assert alone.texts[0] == whole.texts[at]
        assert float(alone.sentiment[0]) == float(whole.sentiment[at])
        assert -1.0 <= float(alone.sentiment[0]) <= 1.0
        assert alone.mentions.sentiment.tolist() == whole.mentions.sentiment[whole.mention_text == at].tolist()
        assert general.read([alone.texts[0]]).texts[0] == alone.texts[0]


def test_nothing_to_read(general: Reader) -> None:
    reading = general.read([])
    assert len(reading) == 0
    assert {len(column) for column in [*reading.feedback_columns().values(), *reading.mention_columns().values()]} == {0}


def test_auto_reads_an_empty_batch() -> None:
    reader = Reader.load()
    assert len(reader.read([None, ""])) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不好用\n开发者回复：您好\n谢谢", "不好用"),
        ("不好用\n------------\n该条评论已经被删除\n开发者回复：您好", "不好用"),
        ("不好<br/>【商家回复】：您好", "不好"),
        ("好 --------------- 该条评论已经被删除", "好"),
        ("不好用" + "\n" * 5_000 + "官方回复：您好", "不好用"),
        ("我看了商家回复：很好", "我看了商家回复：很好"),
        ("没人回复", "没人回复"),
        ("<script>好</script>", "<script>好</script>"),
        ("a &lt; b &amp; c", "a < b & c"),
    ],
)
def test_cleaning(text: str, expected: str) -> None:
    assert clean(text).text == expected

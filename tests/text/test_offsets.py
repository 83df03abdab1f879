import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.text import Reader
from huiyin.text.codepoints import encode, fold, fold_texts
from huiyin.text.edits import Edited

WORDS = (
    "服务很好 服務態度很差 屏幕太暗 質量不錯 😀 👍🏽 👨‍👩‍👧 ❤️ 𠮷野家 𝒳 good BAD App İstanbul ﬁne Ⅷ ㍿ ① ＡＢＣ &amp; &lt;br&gt; &hellip; &#x1F600; <br/> "
    "<b>粗</b> 13800138000 12345 张先生 ， 。 ！ 但是 不 没有闪退 客服 物流 价格"
)
PIECES = st.sampled_from([*WORDS.split(), "\x00", "\x1e", "\u200d", "\ud800", "\n"])
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join)
SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


@SLOW
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_mentions_point_into_their_text(general: Reader, texts: list[str]) -> None:
    reading = general.read(texts)
    found, columns = reading.mentions, reading.mention_columns()
    shift = reading.mention_offset
    for at, row in enumerate(columns["row"].to_pylist()):
        text = reading.texts[row]
        assert 0 <= columns["start"][at].as_py() < columns["end"][at].as_py() <= len(text)
        for name, starts, ends in (("target", found.target_start, found.target_end), ("opinion", found.opinion_start, found.opinion_end)):
            word = columns[name][at].as_py()
            if starts[at] < 0:
                assert word is None
            else:
                begin, end = int(starts[at] - shift[at]), int(ends[at] - shift[at])
                assert 0 <= begin < end <= len(text)
                assert word == text[begin:end]


@SLOW
@given(TEXTS)
def test_original_offsets_rise_and_stay_inside(general: Reader, text: str) -> None:
    reading = general.read([text])
    offsets = [reading.original_offset(0, at) for at in range(len(reading.texts[0]) + 1)]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


@SLOW
@given(TEXTS)
def test_an_untouched_character_is_found_again_at_its_original_offset(general: Reader, text: str) -> None:
    reading = general.read([text])
    cleaned, masked = reading.cleaning.get(0, Edited(text, ())), reading.masking.get(0, Edited(text, ()))
    replaced = {at for one in (cleaned, masked) for edit in one.edits for at in range(edit.start, edit.end)}
    stored = reading.texts[0]
    for at, character in enumerate(stored):
        middle = masked.original_offset(at)
        origin = reading.original_offset(0, at)
        if middle not in replaced and origin not in replaced:
            assert text[origin] == character


def test_original_offset_behind_an_entity_and_a_masked_number(general: Reader) -> None:
    text = "&amp;电话13800138000，屏幕坏了"
    reading = general.read([text])
    assert reading.texts[0] == "&电话【手机号】，屏幕坏了"
    assert reading.original_offset(0, reading.texts[0].index("屏")) == text.index("屏")


@given(st.lists(st.text(max_size=30), max_size=5))
def test_folding_keeps_every_length(texts: list[str]) -> None:
    points = encode(texts)
    folded = fold(points)
    assert len(folded.joined()) == len(folded.codes) == len(points.codes)
    assert points.lengths.tolist() == [len(text) for text in texts]
    assert np.array_equal(folded.starts, points.starts)


def test_folded_characters_keep_their_places() -> None:
    assert fold_texts(["ＡＢ服務ﬁ①㍿𠮷İ\u2028"])[0] == "ab服务ﬁ1㍿𠮷İ\n"

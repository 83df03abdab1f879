"""Reading ratings: numbers, stars and words of satisfaction, and the scale they are on."""

import re
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from huiyin.files.vocabulary import fold_name

_WORDS: dict[str, float] = {
    **dict.fromkeys(("很满意", "非常满意", "十分满意", "五星", "五颗星", "非常好", "very satisfied"), 5.0),
    **dict.fromkeys(("满意", "比较满意", "较满意", "四星", "四颗星", "satisfied"), 4.0),
    **dict.fromkeys(("一般", "基本满意", "中立", "三星", "三颗星", "neutral"), 3.0),
    **dict.fromkeys(("不满意", "不太满意", "较不满意", "二星", "两星", "dissatisfied"), 2.0),
    **dict.fromkeys(
        ("很不满意", "非常不满意", "十分不满意", "一星", "一颗星", "非常差", "very dissatisfied"),
        1.0,
    ),
}
_NUMBER = r"^([+-]?\d+(?:\.\d+)?)\s*(?:星|颗星|分|点|/\s*\d+|stars?|out of \d+)?$"
_STARS = r"^[⭐★\x{FE0F}]+[☆✩]*$"
_NPS_NAME = re.compile(r"nps|推荐|recommend|likelihood")
_CES_NAME = re.compile(r"(?:^|[^a-z])ces(?:$|[^a-z])|费力|effort")


@dataclass(frozen=True, slots=True)
class Scale:
    """What a rating column measures: the metric and its highest value."""

    metric: str
    scale_max: float
    lowest: float


def read_scores(values: pa.Array) -> pa.Array:
    """Numbers of these strings, null where one cannot be read as a score.

    >>> read_scores(pa.array(["5星", "4.0", "很不满意", "⭐⭐⭐", "好吃"])).to_pylist()
    [5.0, 4.0, 1.0, 3.0, None]
    """
    series = pl.from_arrow(values)
    assert isinstance(series, pl.Series)
    frame = pl.DataFrame({"value": series.cast(pl.String).str.strip_chars()})
    value = pl.col("value").str.to_lowercase()
    number = value.str.extract(_NUMBER).cast(pl.Float64, strict=False)
    stars = pl.when(value.str.contains(_STARS)).then(value.str.count_matches("[⭐★]").cast(pl.Float64))
    words = value.replace_strict(_WORDS, default=None, return_dtype=pl.Float64)
    read = frame.select(pl.coalesce(number, stars, words).alias("score"))["score"]
    return read.to_arrow().cast(pa.float64())


def reads_as_score(values: list[str]) -> float:
    """Share of these that can be read as a score."""
    if not values:
        return 0.0
    read = read_scores(pa.array(values, pa.string()))
    return float(len(values) - read.null_count) / len(values)


def find_scale(name: str, sample: list[str | None]) -> Scale | None:
    """The scale of a column from its name and values; None for 0/1 and for no scale at all.

    1-5 is CSAT; 0-10 is NPS where the name says so or the values run from 0 to above 5; 1-10
    and 0-100 are CSAT on their own scale; an effort score is CES.

    >>> find_scale("评分", ["1", "5", "4"])
    Scale(metric='csat', scale_max=5.0, lowest=1.0)
    >>> find_scale("label", ["0", "1"]) is None
    True
    """
    read = read_scores(pa.array(sample, pa.string())).to_pylist()
    known = sorted(value for value in read if value is not None)
    if not known or set(known) == {0.0, 1.0} or set(known) == {0.0}:
        return None
    folded = fold_name(name)
    # A few strays (-1 for "no answer", a mistyped 55) must not decide the scale.
    low, high = known[int(0.01 * len(known))], known[int(0.99 * (len(known) - 1))]
    if _NPS_NAME.search(folded) and high <= 10:
        return Scale("nps", 10.0, 0.0)
    if _CES_NAME.search(folded) and high <= 7:
        return Scale("ces", 5.0 if high <= 5 else 7.0, 1.0)
    if high <= 5:
        return Scale("csat", 5.0, min(1.0, max(low, 0.0)))
    if high <= 10:
        return Scale("nps", 10.0, 0.0) if low <= 0 else Scale("csat", 10.0, 1.0)
    return Scale("csat", 100.0, 0.0) if high <= 100 and low >= 0 else None

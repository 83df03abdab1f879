"""Reading dates in whatever way they are written, whole columns at a time.

A value is told by its own shape (year first, month name, digits only), so mixed columns work;
only whether 3/5/2024 is March or May takes the sample. Where it fails: two-digit years that
come first (24-3-5), Chinese numerals (二〇二四年), times without a date.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

_CLOCK = (
    r"(?:[T\s]*(上午|下午|晚上|凌晨|中午)?\s*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d+))?)?"
    r"[秒分]?\s*([AaPp][Mm])?)?"
)
_ZONE = r"\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$"
_WEEKDAY = r"(?:\s*(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?))?"
_YEAR_FIRST = r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?" + _WEEKDAY + _CLOCK + _ZONE
_YEAR_LAST = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}),?" + _CLOCK + _ZONE
_DAY_NAME = r"^(\d{1,2})[\s-]([A-Za-z]{3})[a-z]*\.?[\s,-]+(\d{4}|\d{2}),?" + _CLOCK + _ZONE
_NAME_DAY = r"^([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4}),?" + _CLOCK + _ZONE
_COMPACT = r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?$"
_UNIX = r"^(\d{10}|\d{13}|\d{16})(?:\.\d+)?$"
_PLAIN = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_DIGIT = re.compile(r"\d")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
# The clock's groups: half of the day in Chinese, hour, minute, second, fraction, am/pm; zone.
_CLOCK_GROUPS = ("half", "hour", "minute", "second", "fraction", "ampm", "zone")


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of one column are read."""

    timezone: str
    day_first: bool = False


def find_reading(sample: list[str | None], timezone: str) -> DateReading:
    """Settle day/month order from the sample: by numbers above 12, else by dates to come.

    >>> find_reading(["3/5/2024", "13/5/2024"], "UTC").day_first
    True
    """
    parts = _groups(pl.Series([value for value in sample if value], dtype=pl.String), _YEAR_LAST, 3)
    pairs = parts.select(pl.col("a").cast(pl.Int32), pl.col("b").cast(pl.Int32)).drop_nulls()
    first, second = int((pairs["a"] > 12).sum()), int((pairs["b"] > 12).sum())
    if first != second:
        return DateReading(timezone, day_first=first > second)
    values = pa.array(sample, pa.string())
    ahead = [_in_future(read_dates(values, DateReading(timezone, day_first=day_first))) for day_first in (False, True)]
    return DateReading(timezone, day_first=ahead[1] < ahead[0])


def _in_future(dates: pa.Array) -> int:
    # Compared as instants: a year such as 1, a slip of the hand, is none that Python's own dates reach in every zone.
    later = pc.greater(dates, pa.scalar(datetime.now(UTC), dates.type))
    return int(pc.sum(later).as_py() or 0)


def parses_as_date(values: list[str]) -> tuple[float, float]:
    """Share of these that read as a date, and of those that a mere number could not be."""
    likely = [value for value in values if len(value) <= 40 and _DIGIT.search(value)]
    if not likely or len(likely) < 0.1 * len(values):
        return 0.0, 0.0
    column = pa.array(likely, pa.string())
    read = pc.is_valid(read_dates(column, DateReading("UTC")))
    read = pc.or_(read, pc.is_valid(read_dates(column, DateReading("UTC", day_first=True))))
    dates = [value for value, is_date in zip(likely, read.to_pylist(), strict=True) if is_date]
    written = sum(1 for value in dates if not _digits(value))
    return len(dates) / len(values), written / len(values)


def _digits(value: str) -> bool:
    return value.strip().replace(".", "", 1).isdigit()


def read_dates(values: pa.Array, reading: DateReading) -> pa.Array:
    """UTC instants of these strings, null where one cannot be read.

    >>> read_dates(pa.array(["2024年3月5日 14:20"]), DateReading("Asia/Shanghai"))[0].as_py().isoformat()
    '2024-03-05T06:20:00+00:00'
    """
    text = _as_series(values).str.strip_chars()
    plain = _plain(text, reading)
    if plain is not None:
        return plain
    result = _year_first(text, reading)
    for pattern in (_compact, _unix, _serial, _year_last, _month_named):
        missing = result.is_null() & text.is_not_null() & (text != "")
        if not missing.any():
            break
        places = missing.arg_true()
        found = pattern(text.gather(places), reading)
        result = result.scatter(places, found) if found.is_not_null().any() else result
    return _as_instants(result)


def _plain(text: pl.Series, reading: DateReading) -> pa.Array | None:
    """The quick way where every value is written alike, as databases write them."""
    for form in _PLAIN:
        if text.head(20).str.to_datetime(form, strict=False).null_count() > text.head(20).null_count():
            continue
        local = text.str.to_datetime(form, strict=False, time_unit="us")
        if local.null_count() == text.null_count():
            frame = pl.DataFrame({"local": local})
            return _as_instants(frame.select(_to_utc(pl.col("local"), reading.timezone))["local"])
    return None


def _as_instants(series: pl.Series) -> pa.Array:
    return series.dt.replace_time_zone("UTC").to_arrow().cast(pa.timestamp("us", tz="UTC"))


def _as_series(values: pa.Array) -> pl.Series:
    series = pl.from_arrow(values)
    assert isinstance(series, pl.Series)
    return series.cast(pl.String)


def _groups(text: pl.Series, pattern: str, dates: int) -> pl.DataFrame:
    """The groups of a pattern as columns a, b, c …, then those of the clock."""
    names = ["a", "b", "c"][:dates]
    names += list(_CLOCK_GROUPS) if pattern.endswith(_ZONE) else []
    captured = text.str.extract_groups(pattern)
    return captured.struct.unnest().rename(dict(zip(captured.struct.fields, names, strict=False)))


def _instants(parts: pl.DataFrame, timezone: str) -> pl.Series:
    """Instants (UTC, without saying so) from columns year, month, day and the clock's groups."""
    hour = pl.col("hour").cast(pl.Int32, strict=False).fill_null(0)
    later = pl.col("half").is_in(["下午", "晚上"]) | (pl.col("ampm").str.to_lowercase() == "pm")
    earlier = pl.col("half").is_in(["上午", "凌晨"]) | (pl.col("ampm").str.to_lowercase() == "am")
    hour = pl.when(later.fill_null(False) & (hour < 12)).then(hour + 12).when(earlier.fill_null(False) & (hour == 12)).then(0).otherwise(hour)
    day = pl.concat_str(
        pl.col("year").str.zfill(4),
        pl.col("month").str.zfill(2),
        pl.col("day").str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
    minute = pl.col("minute").cast(pl.Int32, strict=False).fill_null(0)
    second = pl.col("second").cast(pl.Int32, strict=False).fill_null(0)
    micro = pl.col("fraction").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64, strict=False)
    sound = (hour <= 24) & (minute < 60) & (second < 61) & (hour * 60 + minute <= 1440)
    elapsed = pl.duration(hours=hour, minutes=minute, seconds=second, microseconds=micro.fill_null(0), time_unit="us")
    local = pl.when(sound).then(day.cast(pl.Datetime("us")) + elapsed)
    naive = _to_utc(local, timezone)
    digits = pl.col("zone").str.extract(r"(\d{2}):?\d{0,2}$").cast(pl.Int64, strict=False).fill_null(0)
    rest = pl.col("zone").str.extract(r"\d{2}:?(\d{2})$").cast(pl.Int64, strict=False).fill_null(0)
    sign = pl.when(pl.col("zone").str.starts_with("-")).then(-1).otherwise(1)
    offset = pl.duration(minutes=sign * (digits * 60 + rest), time_unit="us")
    zoned = pl.when(pl.col("zone").is_null()).then(naive).otherwise(local - offset)
    return parts.select(zoned.alias("instant"))["instant"].cast(pl.Datetime("us"))


def _to_utc(local: pl.Expr, timezone: str) -> pl.Expr:
    """A local time that a clock change skipped is taken an hour later."""

    def placed(expr: pl.Expr) -> pl.Expr:
        zoned = expr.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
        return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    return pl.coalesce(placed(local), placed(local + pl.duration(hours=1)))


def _year_first(text: pl.Series, reading: DateReading) -> pl.Series:
    parts = _groups(text, _YEAR_FIRST, 3).rename({"a": "year", "b": "month", "c": "day"})
    return _instants(parts, reading.timezone)


def _year_last(text: pl.Series, reading: DateReading) -> pl.Series:
    names = ("day", "month") if reading.day_first else ("month", "day")
    parts = _groups(text, _YEAR_LAST, 3).rename({"a": names[0], "b": names[1], "c": "year"})
    return _instants(_full_year(parts), reading.timezone)


def _full_year(parts: pl.DataFrame) -> pl.DataFrame:
    short = pl.col("year").str.len_chars() == 2
    return parts.with_columns(pl.when(short).then(pl.lit("20") + pl.col("year")).otherwise(pl.col("year")).alias("year"))


def _month_named(text: pl.Series, reading: DateReading) -> pl.Series:
    """5 March 2024, 05-Mar-24, Mar 5, 2024."""
    results = []
    for pattern, month, day in ((_DAY_NAME, "b", "a"), (_NAME_DAY, "a", "b")):
        parts = _groups(text, pattern, 3).rename({"c": "year", month: "name", day: "day"})
        number = pl.col("name").str.to_lowercase().replace_strict({name: str(number) for name, number in _MONTHS.items()}, default=None)
        parts = _full_year(parts.with_columns(number.alias("month")))
        results.append(_instants(parts, reading.timezone))
    return results[0].zip_with(results[0].is_not_null(), results[1])


def _compact(text: pl.Series, reading: DateReading) -> pl.Series:
    captured = text.str.extract_groups(_COMPACT).struct.unnest()
    captured.columns = ["year", "month", "day", "hour", "minute", "second"]
    empty = [pl.lit(None, dtype=pl.String).alias(name) for name in ("half", "fraction", "ampm", "zone")]
    return _instants(captured.with_columns(empty), reading.timezone)


def _unix(text: pl.Series, reading: DateReading) -> pl.Series:
    """Seconds, milliseconds or microseconds since 1970, told by the number of digits."""
    digits = text.str.extract(_UNIX)
    micros = digits.str.pad_end(16, "0").cast(pl.Int64, strict=False)
    return micros.cast(pl.Datetime("us"))


def _serial(text: pl.Series, reading: DateReading) -> pl.Series:
    """Days since 1899-12-30, as Excel counts from March 1900 on; to the second."""
    number = text.str.extract(r"^([1-9]\d{4}(?:\.\d+)?)$").cast(pl.Float64, strict=False)
    frame = pl.DataFrame({"days": number})
    local = pl.lit(datetime(1899, 12, 30)).cast(pl.Datetime("us")) + pl.duration(
        seconds=(pl.col("days") * 86400).round().cast(pl.Int64), time_unit="us"
    )
    return frame.select(_to_utc(local, reading.timezone).alias("instant"))["instant"]

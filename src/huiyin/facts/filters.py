"""Which voices a question is about: a filter is a value. It composes, travels in a URL and means the same on every engine."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

COLUMNS = ("source", "channel", "product", "brand", "region", "store", "segment", "customer_id", "touchpoint", "language", "metric", "spam_reason")
"""Columns of a feedback whose values a filter may list; the value `""` stands for "not stated"."""
OPINION_COLUMNS = ("intent", "urgency", "emotion", "effort")
"""Columns of a mention whose values a filter may list; they hold for opinions, and for the voices that hold such an opinion."""
YES_OR_NO = ("invited", "spam", "scored", "named")
"""Parts that ask yes or no of a feedback."""
SAID = "conditions."
"""Stands before the name of a condition that opinions name, where free attributes could have the same name."""
_PREFIXES = {"attr.": "attributes", "cond.": "conditions", "band.": "bands"}
"""Of the names in a URL, by the part that maps names to admitted values."""
MAPPED = tuple(_PREFIXES)
"""How the names of those parts begin in a URL."""
Band = tuple[float, float]
"""Numbers above the first and up to the second; either may be infinite."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Every part narrows; values within a part widen. The empty filter is everything.

    >>> both = Filter(product=("T11",)) & Filter(since=date(2026, 1, 1))
    >>> both.to_query()
    'since=2026-01-01&product=T11'
    >>> Filter.from_query(both.to_query()) == both
    True
    """

    since: date | None = None
    """First local day."""
    until: date | None = None
    """Last local day, inclusive."""
    source: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    store: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    customer_id: tuple[str, ...] = ()
    touchpoint: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    """What its score answers: nps, csat, ces; `""` is a score of no named metric."""
    spam_reason: tuple[str, ...] = ()
    """Why it is flagged: bought_praise, advert, template."""
    scale: tuple[float, ...] = ()
    """Tops of the scale of its score; 0 stands for one that is not stated."""
    aspect: tuple[str, ...] = ()
    """Subtrees: `delivery` holds `delivery/late`."""
    polarity: tuple[int, ...] = ()
    intent: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    emotion: tuple[str, ...] = ()
    effort: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    """Substrings of the text, all of which must stand there; case does not matter (as the engine's `lower` sees it)."""
    invited: bool | None = None
    spam: bool | None = None
    scored: bool | None = None
    """Whether it carries a score."""
    named: bool | None = None
    """Whether the customer is known."""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Free attributes of the feedback: key → admitted values."""
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What an opinion names as its condition (season, weather, state …): kind → admitted values."""
    bands: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
    """Numbers: name of an attribute, or `conditions.` and a kind of condition → admitted bands."""

    def __post_init__(self) -> None:
        # A name with no admitted value narrows nothing: it must not make two equal filters differ.
        for part in _PREFIXES.values():
            whole = _merged if part == "bands" else tuple
            object.__setattr__(self, part, {key: whole(admitted) for key, admitted in getattr(self, part).items() if admitted})

    def __and__(self, other: Filter) -> Filter:
        """Both at once. Lists that both state are intersected; nothing in common admits nothing."""
        parts: dict[str, Any] = {}
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            parts[one.name] = _both(one.name, mine, theirs)
        if any({getattr(self, name), getattr(other, name)} == {True, False} for name in YES_OR_NO):
            parts["source"] = (NOTHING,)
        return replace(self, **parts)

    @classmethod
    def spanning(cls, days: Iterable[date | None]) -> Filter:
        """From the first to the last of some days; everything where there are none, or one of them is not known.

        >>> Filter.spanning([date(2026, 3, 2), date(2026, 2, 27)]).to_query(), Filter.spanning([date(2026, 3, 2), None]).is_everything
        ('since=2026-02-27&until=2026-03-02', True)
        """
        known = list(days)
        if not known or None in known:
            return cls()
        return cls(since=min(one for one in known if one), until=max(one for one in known if one))

    @property
    def is_everything(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Filter()

    @property
    def asks_opinions(self) -> bool:
        """Whether a part of it is about opinions: then the voices within it are those that `opinion` names."""
        named = self.conditions or any(name.startswith(SAID) for name in self.bands)
        return bool(self.aspect or self.polarity or named or any(getattr(self, name) for name in OPINION_COLUMNS))

    def to_query(self) -> str:
        """The filter as the query part of a URL, parts in a fixed order."""
        pairs: list[tuple[str, str]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Mapping):
                prefix = next(prefix for prefix, part in _PREFIXES.items() if part == one.name)
                pairs += [(prefix + key, text if isinstance(text, str) else _band_text(text)) for key in sorted(value) for text in value[key]]
            elif isinstance(value, tuple):
                pairs += [(one.name, str(item)) for item in value]
            elif value is not None:
                pairs.append((one.name, value.isoformat() if isinstance(value, date) else str(value).lower()))
        return urlencode(pairs)

    @classmethod
    def from_query(cls, query: str) -> Filter:
        """The filter that `to_query` wrote. Names that are no part of a filter are left to others.

        Raises:
            ValueError: a date, number or yes/no that is none, naming the part.
        """
        names = {one.name for one in fields(cls)}.difference(_PREFIXES.values())
        lists: dict[str, list[str]] = {}
        maps: dict[str, dict[str, list[Any]]] = {part: {} for part in _PREFIXES.values()}
        for name, value in parse_qsl(query, keep_blank_values=True):
            part = _PREFIXES.get(name[:5])
            if part is not None:
                maps[part].setdefault(name[5:], []).append(_band(name, value) if part == "bands" else value)
            elif name in names:
                lists.setdefault(name, []).append(value)
        parts: dict[str, Any] = {name: _parsed(name, values) for name, values in lists.items()}
        parts |= {part: {key: tuple(values) for key, values in found.items()} for part, found in maps.items()}
        return cls(**parts)


def _both(name: str, mine: Any, theirs: Any) -> Any:
    if name == "since":
        return max((one for one in (mine, theirs) if one), default=None)
    if name == "until":
        return min((one for one in (mine, theirs) if one), default=None)
    if isinstance(mine, Mapping):
        both = _overlaps if name == "bands" else functools.partial(_both, "")
        return {key: both(mine.get(key, ()), theirs.get(key, ())) for key in {*mine, *theirs}}
    if name == "text":
        return tuple(dict.fromkeys(mine + theirs))
    if not isinstance(mine, tuple):
        return theirs if mine is None else mine
    if not mine or not theirs:
        return mine or theirs
    if name == "aspect":
        return tuple(dict.fromkeys([one for one in mine if _under(one, theirs)] + [one for one in theirs if _under(one, mine)])) or (NOTHING,)
    return tuple(one for one in mine if one in theirs) or (NOTHING,)


def _overlaps(mine: tuple[Band, ...], theirs: tuple[Band, ...]) -> tuple[Band, ...]:
    """The numbers that lie in a band of both."""
    if not mine or not theirs:
        return mine or theirs
    return _merged([(max(one[0], two[0]), min(one[1], two[1])) for one in mine for two in theirs])


def _merged(bands: Iterable[Band]) -> tuple[Band, ...]:
    """The same numbers in bands that do not touch, in order; one that holds none where none holds any.

    >>> _merged([(10.0, 20.0), (0.0, 10.0), (15.0, 30.0), (50.0, 40.0)]), _merged([(2.0, 1.0)])
    (((0.0, 30.0),), ((inf, -inf),))
    """
    found: list[Band] = []
    for low, high in sorted(band for band in bands if band[0] < band[1]):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return tuple(found) or ((math.inf, -math.inf),)


def band_name(band: Band) -> str:
    """What people read.

    >>> [band_name(one) for one in ((-math.inf, 20.0), (20.0, 40.5), (40.5, math.inf))]
    ['≤20', '20–40.5', '>40.5']
    """
    low, high = band
    return f"≤{high:g}" if math.isinf(low) else f">{low:g}" if math.isinf(high) else f"{low:g}–{high:g}"


def _band_text(band: Band) -> str:
    """`20.0..40.5`, `..20.0`, `80.0..`."""
    return f"{'' if band[0] == -math.inf else band[0]}..{'' if band[1] == math.inf else band[1]}"


def _band(name: str, text: str) -> Band:
    low, dots, high = text.partition("..")
    try:
        found = float(low or -math.inf), float(high or math.inf)
    except ValueError:
        dots = ""
    if not dots or any(math.isnan(one) for one in found):
        raise ValueError(f"{name}: {text!r}")
    return found


NOTHING: Any = "\x00"
"""Stands in a list that admits no value at all."""


def _under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(root + "/") for root in roots)


def _parsed(name: str, values: list[str]) -> Any:
    try:
        if name in ("since", "until"):
            return date.fromisoformat(values[-1])
        if name in YES_OR_NO:
            return {"true": True, "false": False}[values[-1]]
        if name == "scale":
            return tuple(value if value == NOTHING else _top(value) for value in values)
        if name == "polarity":
            return tuple(value if value == NOTHING else int(value) for value in values)
    except (ValueError, KeyError):
        raise ValueError(f"{name}: {values[-1]!r}") from None
    return tuple(values)


def _top(value: str) -> float:
    top = float(value)
    if not math.isfinite(top):
        raise ValueError(value)
    return top

"""Hot words of the last days against the weeks before, each with where it is said and one voice that says it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from huiyin.facts import Filter
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned
from huiyin.server.understand.taxonomy.models import OwnWord
from huiyin.text import newwords
from huiyin.text.codepoints import fold_texts

SPANS = (7, 14, 30, 90)
_FORMER_TIMES = 4
_LEAST_FORMER = 56
RECENT_MOST, FORMER_MOST = 6000, 12_000
"""Voices that are looked at; of more, so many are drawn blindly."""
_AROUND = 28
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class HotWord:
    """A word, how many people say it now and said it before, and a voice in which it stands."""

    word: str
    is_new: bool
    people: int
    former: int
    ratio: float
    low: float
    high: float
    voices: int
    """All voices since `since` that hold it: as many as stand behind the link."""
    query: str
    first: date
    channels: tuple[str, ...]
    feedback_id: str
    said: tuple[str, str, str]
    """The voice around the word: before, the word as it stands there, after."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked at and what was found. `enough`: whether there is a baseline to compare with."""

    words: tuple[HotWord, ...]
    since: date | None
    last: date | None
    former_since: date | None
    recent: int
    former: int
    recent_all: int
    former_all: int

    @property
    def enough(self) -> bool:
        """Whether the weeks before can be compared with."""
        return self.former >= newwords.FORMER

    @property
    def drawn(self) -> bool:
        """Whether not all voices were looked at."""
        return self.recent < self.recent_all or self.former < self.former_all


NOTHING_FOUND = Found((), None, None, None, 0, 0, 0, 0)


def hot_words(days: int, within: Filter) -> Found:
    """Words that more people say in the last `days` days with voices than in the weeks before."""
    ignored = tuple(OwnWord.objects.filter(kind=OwnWord.Kind.IGNORED).order_by("folded").values_list("folded", flat=True))
    return reckoned(("hot_words", days, within.to_query(), ignored), lambda: _found(days, within, ignored)).value


def _found(days: int, within: Filter, ignored: tuple[str, ...]) -> Found:
    last = facts_store().query("SELECT max(day) AS last FROM voice", where=within)["last"][0].as_py()
    if last is None:
        return NOTHING_FOUND
    since = last - timedelta(days=days - 1)
    former_since = since - timedelta(days=max(_LEAST_FORMER, _FORMER_TIMES * days))
    now, now_all = _voices(within & Filter(since=since, until=last), RECENT_MOST)
    before, before_all = _voices(within & Filter(since=former_since, until=since - timedelta(days=1)), FORMER_MOST)
    texts = now["text"].to_pylist()
    words = newwords.find(
        texts, before["text"].to_pylist(), now["unit"].to_pylist(), before["unit"].to_pylist(), ignored=ignored, minimum=5, most=_SHOWN
    )
    told = tuple(told for one in words if (told := _told(one, now, texts, within, since)) is not None)
    return Found(told, since, last, former_since, now.num_rows, before.num_rows, now_all, before_all)


def _voices(where: Filter, most: int) -> tuple[pa.Table, int]:
    """Voices with words, at most so many, drawn blindly; and how many there are."""
    store = facts_store()
    count = int(store.query("SELECT count(*) AS n FROM voice WHERE text IS NOT NULL", where=where)["n"][0].as_py())
    rows = store.query(
        "SELECT feedback_id, day, channel, text, unit FROM voice WHERE text IS NOT NULL "
        "ORDER BY md5('1:' || feedback_id), feedback_id LIMIT ?", [most], where,
    )  # fmt: skip
    return rows, count


def _told(found: newwords.NewWord, now: pa.Table, texts: list[str], within: Filter, since: date) -> HotWord | None:
    holding = now.take(pa.array(found.texts, pa.int64()))
    shortest = min(range(holding.num_rows), key=lambda at: (abs(len(texts[int(found.texts[at])]) - 40), at))
    text = texts[int(found.texts[shortest])]
    place = fold_texts([text])[0].find(found.word)
    if place < 0:
        return None
    stands = text[place : place + len(found.word)]
    asked = Filter(text=(stands,), since=since)
    voices = int(facts_store().query("SELECT count(*) AS n FROM voice", where=within & asked)["n"][0].as_py())
    first = facts_store().query("SELECT min(day) AS first FROM voice", where=within & Filter(text=(stands,)))["first"][0].as_py()
    channels = Counter(one for one in holding["channel"].to_pylist() if one)
    before, after = text[max(0, place - _AROUND) : place], text[place + len(stands) : place + len(stands) + _AROUND]
    said = (("…" if place > _AROUND else "") + before, stands, after + ("…" if place + len(stands) + _AROUND < len(text) else ""))
    commonest = tuple(sorted(channels, key=lambda one: (-channels[one], one))[:2])
    return HotWord(
        found.word, found.is_new, found.recent, found.former, found.ratio, found.low, found.high, voices, asked.to_query(), first or since,
        commonest, holding["feedback_id"][shortest].as_py(), said,
    )  # fmt: skip

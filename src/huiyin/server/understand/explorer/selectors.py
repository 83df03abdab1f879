"""Reads of the explorer: voices with their opinions, counts of the facets, a voice's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import pyarrow as pa
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language

from huiyin.facts import Filter
from huiyin.facts.corrections import TAG
from huiyin.insight import records
from huiyin.insight.records import Overview
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.asked import PAGE, Asked, Part
from huiyin.server.understand.explorer.marks import Piece, pieces
from huiyin.server.understand.explorer.models import SavedView, Tag
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.services import reading_setup
from huiyin.server.understand.reckoning.keeping import reckoned
from huiyin.text import conditions

_DAYS = 45
_LISTED = 8
_TAGS = 40
_LIST_SIGNS, _VOICE_SIGNS, _MARKS = 1_200, 30_000, 400
"""Signs of a text in a list and on its own page, and marks within: what is longer was written by a machine, or against one."""
COLUMN_FACETS: tuple[Part, ...] = ("channel", "product", "region", "store", "segment")
_SAID = "feedback_id mention_no start end target opinion aspect touchpoint polarity intensity emotion intent urgency effort conditions confidence"
_MENTION = [*_SAID.split(), "labelled_by"]


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as a row: its fields, its text in pieces, its opinions."""

    fields: dict[str, Any]
    pieces: list[Piece]
    mentions: list[dict[str, Any]]
    clipped: bool = False
    """Whether the pieces end before the text does: a list is not a place for a book."""

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """Its free attributes, without tags."""
        return sorted(pair for pair in dict(self.fields.get("attributes") or ()).items() if not pair[0].startswith(TAG))

    @property
    def tags(self) -> list[str]:
        """The tags people put on it."""
        return sorted(name[1:] for name in dict(self.fields.get("attributes") or ()) if name.startswith(TAG))

    @property
    def told(self) -> list[dict[str, Any]]:
        """The opinions that stand beside the text: those with an aspect, or the first without where there is none."""
        return [one for one in self.mentions if one["aspect"]][:5] or self.mentions[:1]

    @property
    def spam(self) -> str:
        """Why it is flagged, in the reader's language."""
        return str(names.SPAM.get(self.fields["spam_reason"], self.fields["spam_reason"]))

    @property
    def customer(self) -> str:
        """The last four signs of the pseudonym, in capitals."""
        return str(self.fields["customer_id"] or "")[-4:].upper()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    label: str
    count: int
    width: int
    """Of its bar, 0..40."""
    chosen: bool
    url: str
    """Empty of a heading, which cannot be chosen."""
    depth: int = 0
    sign: str = ""
    value: str = ""
    """As the filter takes it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One part of the filter with its commonest values."""

    part: Part | Literal["conditions", "tag"]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip above the list: a bar of 6 by `height`, at `x`."""

    day: date
    count: int
    height: int
    x: int


def page_of(asked: Asked) -> list[Voice]:
    """The voices of a page."""
    return with_opinions(records.page(facts_store(), asked.within, asked.order, (asked.page - 1) * PAGE, PAGE))


def with_opinions(table: pa.Table, most: int = _LIST_SIGNS) -> list[Voice]:
    """Rows of voices with the opinions each holds; of a text the first `most` signs."""
    rows = table.to_pylist()
    said: dict[str, list[dict[str, Any]]] = {}
    for one in opinions_of([row["feedback_id"] for row in rows], [row["day"] for row in rows]):
        said.setdefault(one["feedback_id"], []).append(one)
    return [_voice(row, said.get(row["feedback_id"], []), most) for row in rows]


def _voice(row: dict[str, Any], said: list[dict[str, Any]], most: int) -> Voice:
    text = row["text"] or ""
    marked = [one for one in said if (one["end"] or 0) <= most][:_MARKS]
    return Voice(row, pieces(text[:most], marked), said, len(text) > most)


def opinions_of(feedback_ids: Sequence[str], days: Iterable[date | None] = ()) -> list[dict[str, Any]]:
    """The opinions of some voices, in reading order; quicker where the days of the voices are told."""
    if not feedback_ids:
        return []
    found: list[dict[str, Any]] = records.opinions_in(facts_store(), feedback_ids, _MENTION, days).to_pylist()
    # A file is written after its request is over, where nothing is kept: the names are asked for once all the same.
    known = names.aspect_names()
    for one in found:
        one["aspect_name"] = names.full_name(one["aspect"], known)
        one["strength"] = names.strength(one["intensity"])
        one["sign"], one["side"] = names.SIGN[one["polarity"]], names.SIDE[one["polarity"]]
        one["under"] = [
            (names.condition_value(kind, value), Filter(conditions={kind: (value,)}).to_query()) for kind, value in one["conditions"] or ()
        ]
        one["intent_name"] = names.INTENT.get(one["intent"] or "none", one["intent"])
    return found


def voice_of(feedback_id: str, within: Filter) -> Voice | None:
    """One voice, if it lies within the rows that may be seen."""
    store = facts_store()
    found = store.query("SELECT feedback_id, day FROM voice WHERE feedback_id = ?", [feedback_id], within)
    rows = with_opinions(records.rows_of(store, found), _VOICE_SIGNS)
    return rows[0] if rows else None


def voice_seen(feedback_id: str, within: Filter) -> Voice:
    """The same.

    Raises:
        Http404: it does not.
    """
    found = voice_of(feedback_id, within)
    if found is None:
        raise Http404
    return found


def opinion_seen(feedback_id: str, mention_no: int, within: Filter) -> dict[str, Any]:
    """One opinion of a voice that may be seen.

    Raises:
        Http404: there is none such.
    """
    found = next((one for one in voice_seen(feedback_id, within).mentions if one["mention_no"] == mention_no), None)
    if found is None:
        raise Http404
    return found


def timeline(customer_id: str, within: Filter) -> list[Voice]:
    """All that a customer said, oldest first."""
    return with_opinions(records.page(facts_store(), within & Filter(customer_id=(customer_id,)), "oldest", 0, 200))


def overview(asked: Asked) -> Overview:
    """How much stands behind what is asked, and its days."""
    return reckoned(("overview", asked.within.to_query()), lambda: records.overview(facts_store(), asked.within)).value


def strip(counts: Mapping[date, int]) -> list[Day]:
    """Voices of each of the last days that the filter reaches, as bars."""
    if not counts:
        return []
    first = max(counts) - timedelta(days=_DAYS - 1)
    days = [first + timedelta(days=step) for step in range(_DAYS)]
    most = max(counts.get(day, 0) for day in days)
    return [Day(day, counts.get(day, 0), round(36 * counts.get(day, 0) / most), 8 * at) for at, day in enumerate(days)]


def facets(asked: Asked) -> list[Facet]:
    """The parts that can still be chosen, with counts of voices under all other parts of the filter."""
    first = replace(asked, page=1)
    key = (reading_setup().taxonomy, get_language(), asked.filter.to_query(), asked.within.to_query(), asked.order, asked.columns)
    return reckoned(("facets", *key), lambda: _facets(first)).value


def _facets(asked: Asked) -> list[Facet]:
    found = [_polarity(asked), _aspects(asked), _conditions(asked), _tags(asked), *_columns(asked)]
    return [one for one in found if one.choices]


def _polarity(asked: Asked) -> Facet:
    rows = facts_store().query(
        "SELECT polarity, count(DISTINCT feedback_id) AS n FROM opinion GROUP BY polarity ORDER BY polarity", where=asked.apart_from("polarity")
    )
    counts = {int(row["polarity"]): int(row["n"]) for row in rows.to_pylist()}
    most = max(counts.values(), default=1)
    chosen = asked.filter.polarity
    choices = []
    for side in (-1, 0, 1):
        count = counts.get(side, 0)
        if count or side in chosen:
            url = asked.toggled("polarity", side)
            choices.append(Choice(str(names.POLARITY[side]), count, round(40 * count / most), side in chosen, url, 0, names.SIGN[side], str(side)))
    return Facet("polarity", tuple(choices))


def _aspects(asked: Asked) -> Facet:
    rows = facts_store().query(
        "SELECT aspect, count(DISTINCT feedback_id) AS n FROM opinion WHERE aspect IS NOT NULL GROUP BY aspect", where=asked.apart_from("aspect")
    )
    leaves = {row["aspect"]: int(row["n"]) for row in rows.to_pylist()}
    themes: dict[str, int] = {}
    for path, count in leaves.items():
        themes[path.split("/")[0]] = themes.get(path.split("/")[0], 0) + count
    most = max(leaves.values(), default=1)
    known = names.aspect_names()
    chosen = asked.filter.aspect
    choices: list[Choice] = []
    for theme in sorted(themes, key=lambda one: (-themes[one], one))[:_LISTED]:
        inside = sorted((path for path in leaves if path.split("/")[0] == theme), key=lambda one: (-leaves[one], one))
        label = known.get(theme, theme)
        alone = inside == [theme]
        # Of a theme no count is shown: one voice may speak of several of its aspects.
        count = leaves[theme] if alone else 0
        choices.append(Choice(label, count, round(40 * count / most), theme in chosen, asked.toggled("aspect", theme), value=theme))
        opened = any(one == theme or one.startswith(theme + "/") for one in chosen)
        for path in [] if alone else inside[: 12 if opened else 3]:
            width, url = round(40 * leaves[path] / most), asked.toggled("aspect", path)
            choices.append(Choice(known.get(path, path), leaves[path], width, path in chosen, url, 1, value=path))
    return Facet("aspect", tuple(choices))


def _conditions(asked: Asked) -> Facet:
    """When, where, in which use and for whom, as opinions name it: kinds with their commonest values. Measured ones have no value to choose."""
    kinds = [one.code for one in conditions.facets() if one.values]
    free = [kind for kind in kinds if kind not in asked.filter.conditions]
    counts = _condition_counts(free, asked.within)
    for kind in asked.filter.conditions:
        counts |= _condition_counts([kind], asked.apart_from_condition(kind))
    most = max((count for values in counts.values() for count in values.values()), default=1)
    choices: list[Choice] = []
    for kind in sorted(counts, key=lambda one: (-sum(counts[one].values()), one)):
        chosen = asked.filter.conditions.get(kind, ())
        listed = list(counts[kind])[: 12 if chosen else 3]
        choices.append(Choice(names.condition_name(kind), 0, 0, chosen=False, url=""))
        for value in dict.fromkeys((*listed, *chosen)):
            count, label = counts[kind].get(value, 0), names.condition_value(kind, value)
            choices.append(Choice(label, count, round(40 * count / most), value in chosen, asked.under(kind, value), 1, value=f"{kind}:{value}"))
    return Facet("conditions", tuple(choices))


def _condition_counts(kinds: Sequence[str], where: Filter) -> dict[str, dict[str, int]]:
    """Voices of each value of each kind, the commonest first; kinds that nobody named are left out."""
    counts: dict[str, dict[str, int]] = {}
    one = "SELECT ? AS kind, conditions[?] AS value, count(DISTINCT feedback_id) AS n FROM opinion GROUP BY 2"
    sql = " UNION ALL ".join(one for _ in kinds)
    for row in facts_store().query(f"{sql} ORDER BY kind, n DESC, value", [part for kind in kinds for part in (kind, kind)], where).to_pylist():
        if row["value"]:
            counts.setdefault(row["kind"], {})[row["value"]] = int(row["n"])
    return counts


def _tags(asked: Asked) -> Facet:
    """Tags with counts under all that is asked: a second tag narrows further."""
    known = list(Tag.objects.values_list("name", flat=True)[:_TAGS])
    if not known:
        return Facet("tag", ())
    sums = ", ".join(f"sum(CASE WHEN coalesce(attributes[?], '') = '1' THEN 1 ELSE 0 END) AS t{at}" for at in range(len(known)))
    row = facts_store().query(f"SELECT {sums} FROM voice", [TAG + one for one in known], asked.within).to_pylist()[0]
    counts = {name: int(row[f"t{at}"] or 0) for at, name in enumerate(known)}
    most, chosen = max(counts.values(), default=1) or 1, {key[1:] for key in asked.filter.attributes if key.startswith(TAG)}
    shown = [(name, count) for name, count in counts.items() if count or name in chosen]
    choices = (Choice(name, count, round(40 * count / most), name in chosen, asked.tagged(name), value=name) for name, count in shown)
    return Facet("tag", tuple(choices))


def ids_of(within: Filter, most: int, among: Sequence[str] | None = None) -> list[str]:
    """Ids of voices within a filter, the latest first; of those `among` where it is given."""
    if among is not None:
        wanted = pa.table({"wanted_id": pa.array(list(among)[:most], pa.string())})
        rows = facts_store().query(
            "SELECT v.feedback_id AS id FROM wanted w JOIN voice v ON v.feedback_id = w.wanted_id", where=within, tables={"wanted": wanted}
        )
    else:
        rows = facts_store().query("SELECT feedback_id AS id FROM voice ORDER BY day DESC NULLS LAST, feedback_id DESC LIMIT ?", [most], within)
    found: list[str] = rows["id"].to_pylist()
    return found


def _columns(asked: Asked) -> list[Facet]:
    """Facets of the columns. Those that the filter does not narrow share one pass over the voices."""
    free = [part for part in COLUMN_FACETS if not getattr(asked.filter, part)]
    counts: dict[str, dict[str, int]] = {part: {} for part in COLUMN_FACETS}
    if free:
        sql = " UNION ALL ".join(f"SELECT '{part}' AS part, {part} AS value, count(*) AS n FROM voice GROUP BY {part}" for part in free)
        for row in facts_store().query(f"{sql} ORDER BY part, n DESC, value", where=asked.within).to_pylist():
            _add(counts[row["part"]], row)
    for part in (one for one in COLUMN_FACETS if one not in free):
        sql = f"SELECT {part} AS value, count(*) AS n FROM voice GROUP BY {part} ORDER BY n DESC, value"
        for row in facts_store().query(sql, where=asked.apart_from(part)).to_pylist():
            _add(counts[part], row)
    return [_column(asked, part, counts[part]) for part in COLUMN_FACETS]


def _add(counts: dict[str, int], row: dict[str, Any]) -> None:
    if row["value"] is not None and len(counts) < _LISTED:
        counts[row["value"]] = int(row["n"])


def _column(asked: Asked, part: Part, counts: dict[str, int]) -> Facet:
    chosen = getattr(asked.filter, part)
    counts |= {one: 0 for one in chosen if one not in counts}
    if len(counts) < 2 and not chosen:
        return Facet(part, ())
    most = max(counts.values(), default=1) or 1
    choices = (
        Choice(value or "—", count, round(40 * count / most), value in chosen, asked.toggled(part, value), value=value)
        for value, count in counts.items()
    )
    return Facet(part, tuple(choices))


def views_of(user: Any) -> QuerySet[SavedView]:
    """Own views and those that others share."""
    return SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def said_alike(mention: dict[str, Any], within: Filter) -> list[dict[str, Any]]:
    """Other opinions in the same words about the same aspect, read the same way."""
    if not mention["opinion"]:
        return []
    columns = ", ".join(f'"{name}"' for name in _MENTION)
    found = facts_store().query(
        f"SELECT {columns} FROM opinion WHERE opinion = ? AND coalesce(target, '') = ? AND coalesce(aspect, '') = ? AND polarity = ? "
        "AND NOT (feedback_id = ? AND mention_no = ?) ORDER BY feedback_id, mention_no LIMIT 501",
        [mention["opinion"], mention["target"] or "", mention["aspect"] or "", mention["polarity"], mention["feedback_id"], mention["mention_no"]],
        within,
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows[:500]

"""Which column plays which role, guessed from names and contents together, or as told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from huiyin.files import errors
from huiyin.files.options import ReadOptions
from huiyin.files.profile import Profile, profile
from huiyin.files.records import Column
from huiyin.files.scores import find_scale
from huiyin.files.vocabulary import EXACT, ROLES, fold_name

_BY_NAME = (
    "product",
    "brand",
    "region",
    "store",
    "channel",
    "segment",
    "touchpoint",
    "invited",
    "url",
)
_WHOLE = ("整体", "总体", "overall", "综合")


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    index: int
    profile: Profile
    sample: Sequence[str | None]


def resolve_column(wanted: str | int, columns: Sequence[str], file: str) -> int:
    """The place (from 0) of a column given by name, else by its number from 1."""
    text = str(wanted).strip()
    if text in columns:
        return columns.index(text)
    folded = [fold_name(name) for name in columns]
    if fold_name(text) and fold_name(text) in folded:
        return folded.index(fold_name(text))
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(columns):
        return int(text) - 1
    near = process.extractOne(fold_name(text), folded, score_cutoff=40)
    nearest = columns[near[2]] if near else None
    raise errors.unknown_column(file, text, list(columns), nearest)


def map_columns(
    columns: Sequence[str],
    samples: Sequence[Sequence[str | None]],
    options: ReadOptions,
    file: str,
) -> dict[str, Column]:
    """Roles to columns. Refuses a file with neither text nor title to be found."""
    mapping: dict[str, Column] = {}
    settled: set[str] = set()
    for role, wanted in options.column_overrides().items():
        settled.add(role)
        if wanted != "":
            place = resolve_column(wanted, columns, file)
            mapping[role] = Column(columns[place], place + 1, "按选项指定", "as told by the option")
    taken = {column.index for column in mapping.values()}
    candidates = [
        _Candidate(name, place + 1, profile(list(sample)), sample)
        for place, (name, sample) in enumerate(zip(columns, samples, strict=True))
        if place + 1 not in taken
    ]
    if options.channel is not None:
        settled.add("channel")
    for role in ("text", "title", "time", "rating", "customer", "id", *_BY_NAME):
        if role in settled:
            continue
        free = [one for one in candidates if one.index not in taken]
        found = _guess(role, free)
        if found:
            mapping[role] = found
            taken.add(found.index)
    if "text" not in mapping:
        if "title" not in mapping:
            raise errors.no_text_column(file, list(columns))
        title = mapping["title"]
        why = "没有正文列，用标题代替"
        mapping["text"] = Column(title.name, title.index, why, "no body column, the title stands in")
    return mapping


def _guess(role: str, candidates: Iterable[_Candidate]) -> Column | None:
    """The best candidate for a role; the leftmost of equals."""
    scored = [(_score(role, one), one) for one in candidates]
    scored = [pair for pair in scored if pair[0][0] > 0]
    if not scored:
        return None
    (_, why, why_en), best = max(scored, key=lambda pair: (pair[0][0], -pair[1].index))
    return Column(best.name, best.index, why, why_en)


_NO = (0.0, "", "")


def _score(role: str, one: _Candidate) -> tuple[float, str, str]:
    if role == "text":
        return _score_text(one)
    named = ROLES[role].score(one.name)
    if one.profile.filled == 0 and (role in ("time", "rating", "id") or named < EXACT):
        return _NO
    if role == "time":
        return _score_time(one, named)
    if named == 0:
        return _NO
    by_name = (f"列名“{one.name}”", f"named '{one.name}'")
    if role == "rating":
        return _score_rating(one, named)
    if role == "id":
        return _score_id(one, named)
    fits = _fits(role, one.profile)
    return (named, *by_name) if fits else _NO


def _score_text(one: _Candidate) -> tuple[float, str, str]:
    """Half name, half content; a strong name needs some content and no name a lot of it."""
    names, held = ROLES["text"], one.profile
    named, content = names.score(one.name), held.text_score()
    if content is None:
        return _NO
    if named < EXACT:
        elsewhere = any(ROLES[role].score(one.name) == EXACT for role in ROLES if role != "text")
        barred = names.never is not None and names.never.search(fold_name(one.name))
        if elsewhere or barred:
            return _NO
    if named == EXACT:
        enough = content >= 0.08 or held.filled == 0
    elif named > 0:
        enough = content >= 0.25
    else:
        enough = content >= 0.6 and held.prose >= 0.5 and held.unique_share >= 0.5
    if not enough:
        return _NO
    shown = f"平均 {held.characters:.0f} 字，{held.prose:.0%} 像语句"
    shown_en = f"{held.characters:.0f} characters on average, {held.prose:.0%} read like sentences"
    if named:
        shown, shown_en = f"列名“{one.name}”，{shown}", f"named '{one.name}', {shown_en}"
    filled = held.filled / max(held.rows, 1)
    return 0.5 * named + 0.5 * content + 0.1 * filled + 0.01, shown, shown_en


def _score_time(one: _Candidate, named: float) -> tuple[float, str, str]:
    held, names = one.profile, ROLES["time"]
    barred = names.never is not None and names.never.search(fold_name(one.name))
    unnamed = named == 0 and held.written_dates >= 0.9 and not barred
    enough = unnamed or (named > 0 and held.dates >= (0.3 if named == EXACT else 0.5))
    if not enough:
        return _NO
    why, why_en = f"{held.dates:.0%} 可读作日期", f"{held.dates:.0%} read as dates"
    return named + 0.5 * held.dates, why, why_en


def _score_rating(one: _Candidate, named: float) -> tuple[float, str, str]:
    held = one.profile
    scale = find_scale(one.name, list(one.sample))
    if held.truth or scale is None or held.scores < 0.5:
        return _NO
    whole = 0.3 if any(word in fold_name(one.name) for word in _WHOLE) else 0.0
    why = f"列名“{one.name}”，数值在 {scale.scale_max:g} 分制内"
    why_en = f"named '{one.name}', values on a scale up to {scale.scale_max:g}"
    return named + whole, why, why_en


def _score_id(one: _Candidate, named: float) -> tuple[float, str, str]:
    """Ids must tell rows apart, or reviews would be lost as repeats of each other."""
    held = one.profile
    complete = held.filled >= 0.9 * held.rows
    distinct = held.unique_share >= 0.98 or (named == EXACT and held.filled < 50)
    coded = named == EXACT or held.codes >= 0.8
    if not (complete and distinct and coded):
        return _NO
    why = f"列名“{one.name}”，{held.unique_share:.0%} 不重复"
    return named, why, f"named '{one.name}', {held.unique_share:.0%} distinct"


def _fits(role: str, held: Profile) -> bool:
    """Whether the values can be what the name says."""
    if held.filled == 0:
        return True
    if role == "url":
        return held.urls >= 0.5
    if role == "title":
        few = held.filled >= 40 and held.unique <= 12
        return not few and held.urls < 0.5 and held.numeric < 0.8 and held.dates < 0.8
    if role == "invited":
        return held.truth
    if held.urls > 0.5 or held.length > 200:
        return False
    if role == "channel":
        return held.unique <= max(50, 0.1 * held.filled)
    return True

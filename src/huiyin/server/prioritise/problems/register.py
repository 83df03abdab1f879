"""The problems there are: what people made of the taxonomy's aspects, and every aspect they did not touch.

An aspect that nobody renamed, merged or split is a problem without a row: its id comes from its path. The first edit of it writes an
`add` row, so that from then on its id stands whatever becomes of the path.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from huiyin.insight.analysis import problem_id
from huiyin.insight.problems import Definition, Register, part_id
from huiyin.server.foundation.asking import asked_once
from huiyin.server.prioritise.problems.models import ProblemChange
from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.services import reading_setup
from huiyin.text import load_taxonomy


def register() -> Register:
    """The register as it stands."""
    return _register(*register_key())


def register_key() -> tuple[int, str, str]:
    """Changes whenever the register does: part of the key of every answer made from it."""
    number, at = asked_once("problems.last_change", _last_change)
    return number, at, reading_setup().taxonomy


def _last_change() -> tuple[int, str]:
    # The time too, for a number that was rolled back is given again.
    last = ProblemChange.objects.order_by("-id").values_list("id", "at").first()
    return (last[0], last[1].isoformat()) if last else (0, "")


@lru_cache(maxsize=16)
def _register(last: int, at: str, taxonomy: str) -> Register:
    edited = Register.of((), (row.change for row in ProblemChange.objects.filter(id__lte=last)))
    covered = {path for one in edited.problems.values() for path in one.aspects}
    problems = dict(edited.problems)
    for aspect in load_taxonomy(taxonomy).aspects:
        if aspect.path not in covered:
            key = problem_id(aspect.path)
            if key in problems or key in edited.went_into:
                key = part_id(key, 0, aspect.path)
            problems[key] = Definition(key, "", (aspect.path,))
    return Register(problems, edited.went_into)


def name_of(one: Definition) -> str:
    """What the problem is called: what people called it, else its aspect's name in the reader's language."""
    return one.name or (names.aspect_name(one.aspects[0]) if one.aspects else one.problem_id)


def problems_by_path(known: Register | None = None) -> Mapping[str, str]:
    """Aspect path → the problem that takes its complaints under no condition."""
    found = (known or register()).definitions
    return {path: one.problem_id for one in sorted(found, key=lambda each: each.specificity, reverse=True) for path in one.aspects}

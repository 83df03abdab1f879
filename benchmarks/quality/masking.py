"""Masking on the written cases: recall by kind, and cases in which something was masked that is nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.text.masking_rates import measure as rates_of

FILES = {"masking_cases.yaml": "照着改过规则的", "masking_cases_held.yaml": "写规则时没看的"}


def measure(data: Path) -> dict[str, Any]:
    """Of both files; `data` is not needed, the cases are part of the project."""
    del data
    found = {}
    for name, split in FILES.items():
        one = rates_of(name)
        kinds = {kind: [one.found[kind], one.there[kind]] for kind in sorted(one.there)}
        found[name] = {"split": split, "recall": round(one.recall, 4), "kinds": kinds, "wrong": one.wrong, "cases": one.cases}
    return found


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how split)."""
    out = []
    for one in found.values():
        kinds = "，".join(f"{kind} {right}/{there}" for kind, (right, there) in one["kinds"].items())
        out.append(("遮盖：该盖的盖住", f"{one['recall']:.3f}（{kinds}）", one["split"]))
        out.append(("遮盖：不该盖的盖了", f"{one['wrong']}/{one['cases']}", one["split"]))
    return out

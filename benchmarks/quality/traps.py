"""The trap suite by class: passed of cases, those that rules were made by and those that were held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.text.trap_cases import rates, run

from huiyin.text import Reader


def measure(data: Path) -> dict[str, Any]:
    """By class (passed, cases), tuned and held; `data` is not needed, the cases are part of the project."""
    del data
    outcomes = run(Reader.load("general"))
    return {name: rates([one for one in outcomes if one.held == held]) for name, held in (("tuned", False), ("held", True))}


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how split)."""
    out = []
    for name, split in (("tuned", "照着改过规则的"), ("held", "写规则时没看的")):
        total = [sum(pair[at] for pair in found[name].values()) for at in (0, 1)]
        out.append(("陷阱，全部", f"{total[0] / total[1]:.3f}（{total[0]}/{total[1]}）", split))
        out += [(f"陷阱，{group}", f"{passed}/{cases}", split) for group, (passed, cases) in found[name].items()]
    return out

"""The page's own picture of `Findings` must not drift from the dataclasses."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from huiyin.insight import findings

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = (ROOT / "frontend" / "report" / "contract.ts").read_text(encoding="utf-8")
TYPES = [kind for kind in vars(findings).values() if isinstance(kind, type) and dataclasses.is_dataclass(kind)]


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.__name__))
def test_same_fields(kind: type) -> None:
    body = re.search(rf"export interface {kind.__name__} \{{(.*?)\n\}}", CONTRACT, re.DOTALL)
    assert body, f"contract.ts has no interface {kind.__name__}"
    assert re.findall(r"^  (\w+):", body[1], re.MULTILINE) == [field.name for field in dataclasses.fields(kind)]

"""Replacements made in a text, and the way back from the new offsets to the old ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` became `replacement`; offsets count code points of the text before the edit."""

    start: int
    end: int
    replacement: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after edits. `original_offset` answers where a position of `text` stood before them.

    >>> edited = apply("电话13800138000谢谢", [Edit(2, 13, "【手机号】", "mobile")])
    >>> edited.text, edited.original_offset(edited.text.index("谢"))
    ('电话【手机号】谢谢', 13)
    """

    text: str
    edits: tuple[Edit, ...]

    def original_offset(self, offset: int) -> int:
        """Offset before the edits; a position inside a replacement maps to the start of what it replaced."""
        shift, begins = 0, []
        for edit in self.edits:
            begins.append(edit.start + shift)
            shift += len(edit.replacement) - (edit.end - edit.start)
        at = bisect_right(begins, offset) - 1
        if at < 0:
            return offset
        edit = self.edits[at]
        inside = offset - begins[at]
        return edit.start if inside < len(edit.replacement) else edit.end + inside - len(edit.replacement)


def apply(text: str, edits: Sequence[Edit]) -> Edited:
    """Apply `edits`; where two overlap, the one that starts first (the longer, if they start together) wins."""
    kept: list[Edit] = []
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if edit.start < at:
            continue
        kept.append(edit)
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    parts.append(text[at:])
    return Edited("".join(parts), tuple(kept))

"""Undo what transport did to a text: HTML entities, line-break tags, control characters, lone surrogates.

What the customer typed stays as typed; `<script>` in a review is the customer's text and stays text. What the company
answered below it (开发者回复：…) is not the customer's voice and is cut off.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints, encode, replaced
from huiyin.text.compiled import compiled
from huiyin.text.edits import Edit, Edited, apply

_SUSPECT = re.compile("[&<\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_REPLY = re.compile(r"[【\[(（]?(?:开发者|商家|店家|官方|掌柜|酒店|卖家)的?回复[】\])）]?\s{0,5}[:：]")
_RULE = re.compile(r"(?:\n|<br\s{0,5}/?>|[-=—]{8})\s{0,100}\Z", re.IGNORECASE)
"""What must stand before a reply: a line break or a drawn line."""
_DELETED_NOTE = "该条评论已经被删除"
_DELETED = re.compile(rf"[（(]?{_DELETED_NOTE}[）)]?\s*")
_LOOK_BACK = 120
_SUSPECTS = np.array([bool(_SUSPECT.match(chr(code))) for code in range(0x80)])
_LINE = "-=—"
_DIRT = re.compile(
    r"(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<break></?(?:br|p|div|li|tr)\s*/?>)"
    r"|(?P<markup></?(?:b|i|u|em|strong|span|font|a|td|ul|ol|table|tbody)(?:\s[^<>]{0,500})?>)"
    "|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]+)",
    re.IGNORECASE,
)


def clean_batch(texts: Sequence[str]) -> tuple[list[str], dict[int, Edited], CodePoints]:
    """Every text cleaned, the edits of those that needed any, and the clean texts laid end to end.

    Only texts that hold a sign of damage are looked at closely.
    """
    cleaned = list(texts)
    points = encode(cleaned)
    rows = set(_doubtful(points.codes, points.starts, _SUSPECTS).tolist())
    if "\x1e" in "".join(cleaned):  # the mark between texts, which `encode` takes out
        rows.update(row for row, text in enumerate(cleaned) if "\x1e" in text)
    doubtful = ((row, clean(cleaned[row])) for row in sorted(rows))
    edited = {row: one for row, one in doubtful if one.edits}
    for row, one in edited.items():
        cleaned[row] = one.text
    return cleaned, edited, replaced(points, list(edited), encode([one.text for one in edited.values()]))


@compiled
def _doubtful(codes: NDArray[np.uint32], starts: NDArray[np.int64], suspects: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Texts that hold a suspect character, or 回复 or 删除 as in a company's reply or a note below the text."""
    out = np.empty(len(starts) - 1, np.int64)
    count = 0
    for text in range(len(starts) - 1):
        for at in range(starts[text], starts[text + 1] - 1):
            code = codes[at]
            if (code < 0x80 and suspects[code]) or (code >= 0xD800 and (code < 0xE000 or code == 0xFFFE or code == 0xFFFF)):
                out[count], count = text, count + 1
                break
            if (code == 0x56DE and codes[at + 1] == 0x590D) or (code == 0x5220 and codes[at + 1] == 0x9664):
                out[count], count = text, count + 1
                break
    return out[:count]


def clean(text: str) -> Edited:
    """The text without transport damage, with the way back to the original offsets.

    >>> clean("好&hellip;用<br/>真的").text
    '好…用\\n真的'
    """
    reply = "回复" in text or "已经被删除" in text
    if not reply and not _SUSPECT.search(text):
        return Edited(text, ())
    edits = []
    if reply:
        edits += _company_words(text)
    for match in _DIRT.finditer(text):
        replacement = _replacement(match)
        if replacement != match.group():
            edits.append(Edit(match.start(), match.end(), replacement, match.lastgroup or ""))
    return apply(text, edits)


def _company_words(text: str) -> list[Edit]:
    """What is not the customer's: the reply below the text, and the note that a comment was deleted.

    Patterns start at a word that is always there; what stands before it is looked at in a bounded window, so that a
    megabyte of line breaks costs one pass.
    """
    edits = [Edit(_undrawn(text, match.start(), _LOOK_BACK), match.end(), "", "note") for match in _DELETED.finditer(text)]
    for match in _REPLY.finditer(text):
        start = match.start()
        window = text[max(0, start - _LOOK_BACK) : start]
        bare = window.rstrip()
        noted = bare.endswith(_DELETED_NOTE)
        rule = _RULE.search(bare[: -len(_DELETED_NOTE)] if noted else window)
        if rule:
            if rule.group().startswith("<"):
                start -= len(window) - rule.start()
            elif noted:
                start -= len(window) - len(bare) + len(_DELETED_NOTE)
            edits.append(Edit(_undrawn(text, start, len(text)), len(text), "", "reply"))
            break
    return edits


def _undrawn(text: str, end: int, reach: int) -> int:
    """Where `text[:end]` ends without trailing spaces and the line drawn before them, at most `reach` characters back."""
    first = max(0, end - reach)
    bare = text[first:end].rstrip()
    undrawn = bare.rstrip(_LINE)
    return first + (len(undrawn.rstrip()) if len(bare) - len(undrawn) >= 8 else len(bare))


def _replacement(match: re.Match[str]) -> str:
    if match.lastgroup == "entity":
        decoded = html.unescape(match.group())
        return " " if _SUSPECT.search(decoded) and decoded not in "&<" else decoded
    return "\n" if match.lastgroup == "break" else ("" if match.lastgroup == "markup" else " ")

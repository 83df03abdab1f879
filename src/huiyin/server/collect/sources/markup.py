"""The words of HTML that other people wrote."""

from __future__ import annotations

import html
import re

_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_GAPS = re.compile(r"\n\s*\n\s*")
_UNSEEN = ("script", "style", "head", "title")
_BREAKS = ("br", "hr")
_BLOCKS = ("p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


def without_markup(text: str) -> str:
    """The words of an HTML text. Goes over it once from left to right, so that no tangle of tags can make it slow.

    >>> without_markup("<p>好&amp;快</p><script>x()</script>再来")
    '好&快\\n再来'
    >>> without_markup("3 < 5 <!-- <b> --><b>对</b>")
    '3 < 5 对'
    """
    pieces: list[str] = []
    at = 0
    while (opened := text.find("<", at)) >= 0:
        pieces.append(text[at:opened])
        piece, at = _after(text, opened)
        pieces.append(piece)
    pieces.append(text[at:])
    return _GAPS.sub("\n", html.unescape("".join(pieces)).replace("\xa0", " ").replace("\r\n", "\n")).strip()


def _after(text: str, opened: int) -> tuple[str, int]:
    """What stands for the tag that begins at `opened`, and where to read on."""
    if text.startswith("<!--", opened):
        end = text.find("-->", opened + 4)
        return "", end + 3 if end >= 0 else len(text)
    named = _NAME.match(text, opened)
    if named is None and text[opened + 1 : opened + 2] not in ("!", "?", "/"):
        return "<", opened + 1
    closed = text.find(">", opened)
    if closed < 0:
        return text[opened:], len(text)
    name = named[1].lower() if named else ""
    closing = text.startswith("</", opened)
    if name in _UNSEEN and not closing:
        end_tag = re.compile(f"</{name}", re.IGNORECASE).search(text, closed)
        return "", end_tag.start() if end_tag else len(text)
    return "\n" if name in _BREAKS or (closing and name in _BLOCKS) else "", closed + 1

"""Attachments over HTTP, with ranges (RFC 9110, section 14): a player asks for the part it wants to play."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from huiyin.server.collect.feedback.attachments import path_of
from huiyin.server.collect.feedback.models import Attachment
from huiyin.server.collect.feedback.playing import PLAYER_TYPE

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
_CHUNK = 64 * 1024


def attachment_response(request: HttpRequest, attachment: Attachment, *, for_player: bool = False) -> HttpResponseBase:
    """The file, or the copy of it for players; whole, or the asked part. Nobody on the way may keep it.

    Raises:
        Http404: the file is gone.
    """
    name, media_type = (attachment.player, PLAYER_TYPE) if for_player else (attachment.file, attachment.media_type)
    path = path_of(name)
    if not name or not path.is_file():
        raise Http404
    size = path.stat().st_size
    asked = _RANGE.match(request.headers.get("Range", ""))
    span = _span(asked, size) if asked and asked[0] != "bytes=-" else (0, size)
    if span is None:
        refused = HttpResponse(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    first, end = span
    response = StreamingHttpResponse(_part(path, first, end), status=206 if asked else 200, content_type=media_type)
    if asked:
        response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    response.headers["Content-Length"] = str(end - first)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = f'inline; filename="{path.name}"'
    return response


def _span(asked: re.Match[str], size: int) -> tuple[int, int] | None:
    """First and end of the asked part; None where there is no such part."""
    if not asked[1]:
        first, end = max(0, size - int(asked[2])), size
    else:
        first, end = int(asked[1]), min(size, int(asked[2]) + 1 if asked[2] else size)
    return (first, end) if first < end else None


def _part(path: Path, first: int, end: int) -> Iterator[bytes]:
    with open(path, "rb") as opened:
        opened.seek(first)
        left = end - first
        while left > 0 and (chunk := opened.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk

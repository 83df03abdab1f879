"""Photos that strangers send: looked at, drawn anew, so that nothing but the picture is left.

What a file says of itself is not believed: only what Pillow finds in it. Place, time and camera (EXIF, XMP, IPTC) and whatever hides behind
the picture go, for only the pixels are written. Size is known from the head of the file, before a single pixel is unpacked, so that a few
kilobytes cannot fill the memory.
"""

from __future__ import annotations

import io
from threading import Lock
from typing import BinaryIO

from PIL import Image, ImageOps

from huiyin.server.collect.feedback.attachments import PHOTO, Attached, file_keep

LARGEST = 12 * 1024 * 1024
MOST = 3
_MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""A JPEG can be unpacked at a fraction of its size, the others only whole."""
_LONGEST_SIDE = 2048
_one_at_a_time = Lock()
"""Unpacking takes a hundred megabytes for a moment; several at once would take several."""


class PhotoRefused(Exception):
    """No photo that we take; `code` says why: size, kind, pixels."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def photo_keep(given: BinaryIO, size: int) -> Attached:
    """Draw a photo anew and keep it as JPEG, at most 2,048 pixels long.

    Raises:
        PhotoRefused: too large, no picture of a kind we take, too many pixels, broken.
    """
    if size > LARGEST:
        raise PhotoRefused("size")
    try:
        with _one_at_a_time, Image.open(given, formats=tuple(_MOST_PIXELS)) as picture:
            if picture.width * picture.height > _MOST_PIXELS[str(picture.format)]:
                raise PhotoRefused("pixels")
            picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            drawn = Image.new("RGB", upright.size, "white")
            clear = upright.convert("RGBA")
            drawn.paste(clear, mask=clear.getchannel("A"))
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise PhotoRefused("pixels") from None
    except Exception as error:
        # A broken file may fail anywhere within the decoder, and in many ways.
        raise PhotoRefused("kind") from error
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True)
    length = out.tell()
    out.seek(0)
    return Attached(PHOTO, file_keep(out, ".jpg"), "image/jpeg", length, {"width": drawn.width, "height": drawn.height})

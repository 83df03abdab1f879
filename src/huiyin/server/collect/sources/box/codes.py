"""QR codes of a box. The picture is made here, without a word to anybody else."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno

from huiyin.server.collect.sources.models import Source

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def address_of(source: Source, root: str, store: str = "", product: str = "") -> str:
    """Where a box is found; `root` is the address of this server, such as https://voc.example.com."""
    preset = urlencode({name: value for name, value in (("store", store), ("product", product)) if value})
    return f"{root.rstrip('/')}/sources/box/{source.config['address']}/" + (f"?{preset}" if preset else "")


def code_picture(address: str, kind: str) -> bytes:
    """The code of an address as SVG or PNG. A quarter of it may be dirty (level Q) and it is still read."""
    out = io.BytesIO()
    code = segno.make(address, error="q", micro=False)
    if kind == "svg":
        code.save(out, kind="svg", scale=8, border=4, xmldecl=True, svgclass=None, lineclass=None)
    else:
        code.save(out, kind="png", scale=16, border=4)
    return out.getvalue()

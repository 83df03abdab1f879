"""Pack files in the data folder: what the reader process loads. Named by their contents, so a change is a new name and never a new text."""

from __future__ import annotations

import os
import time
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

from huiyin.server.understand.taxonomy.models import TaxonomyVersion
from huiyin.server.understand.taxonomy.packfile import Words, text_of
from huiyin.server.understand.taxonomy.tree import Tree

_KEPT_SECONDS = 24 * 3600


def folder() -> Path:
    """Where they lie; made when it is missing."""
    found: Path = Path(settings.DATA) / "taxonomies"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def address_of(tree: Tree, name: str, words: Words) -> str:
    """The file that says a tree with the company's words; written unless it is there. `name` is its version: letters and digits."""
    digest = blake2b(text_of(tree, "", words).encode(), digest_size=6).hexdigest()
    text = text_of(tree, f"{name}.{digest}", words)
    file = folder() / f"{name}-{digest}.yaml"
    if not file.exists():
        written = file.with_suffix(f".{os.getpid()}.part")
        written.write_text(text, encoding="utf-8")
        written.replace(file)
    return str(file)


def forget_drafts() -> None:
    """Delete the files of drafts that were tried more than a day ago."""
    for file in folder().glob("draft*.yaml"):
        if time.time() - file.stat().st_mtime > _KEPT_SECONDS:
            file.unlink(missing_ok=True)


def address_in_use(version: TaxonomyVersion, words: Words) -> str:
    """The file of a published version with the company's words as they are now."""
    return address_of(version.tree, f"v{version.number}", words)

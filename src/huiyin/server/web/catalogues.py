"""Compiles message catalogues, `django.po` → `django.mo`, without gettext's programs. Every app keeps its own under `locale/`.

Uses the standard library only: hatch_build.py runs it while building a wheel, and the web app when it finds a catalogue newer than its
compiled form.
"""

from __future__ import annotations

import ast
import contextlib
import os
import struct
from pathlib import Path

SERVER = Path(__file__).resolve().parents[1]
CONTEXT_END, PLURAL_END = "\x04", "\x00"


def compile_catalogues(folder: Path) -> list[Path]:
    """Compiles what is out of date; where the folder may not be written, the compiled form that came with the package is used."""
    done = []
    for source in sorted(folder.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
            with contextlib.suppress(PermissionError):
                # Written beside and moved, so that another process starting at once never reads half a file.
                beside = target.with_suffix(f".{os.getpid()}")
                beside.write_bytes(compiled(read_catalogue(source)))
                beside.replace(target)
                done.append(target)
    return done


def read_catalogue(source: Path) -> dict[str, str]:
    """Message → translation; context and plural forms are joined the way gettext joins them. Empty translations are left out."""
    found: dict[str, str] = {}
    parts: dict[str, str] = {}
    field = ""

    def close() -> None:
        if "msgid" in parts:
            message = parts["msgid"]
            if "msgid_plural" in parts:
                message += PLURAL_END + parts["msgid_plural"]
            if "msgctxt" in parts:
                message = parts["msgctxt"] + CONTEXT_END + message
            forms = [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
            if any(forms):
                found[message] = PLURAL_END.join(forms)
        parts.clear()

    for line in [*source.read_text(encoding="utf-8").splitlines(), ""]:
        line = line.strip()
        if not line or line.startswith("#"):
            if not line:
                close()
            continue
        if not line.startswith('"'):
            field, _, line = line.partition(" ")
            if field in ("msgctxt", "msgid") and any(name.startswith("msgstr") for name in parts):
                close()
            parts[field] = ""
        parts[field] += ast.literal_eval(line.strip())
    close()
    return found


def compiled(messages: dict[str, str]) -> bytes:
    """The binary form that Python's `gettext` reads: two sorted tables of lengths and places, then the strings."""
    pairs = sorted((message.encode(), text.encode()) for message, text in messages.items())
    head = 7 * 4
    start = head + 16 * len(pairs)
    keys, values = b"", b""
    key_table, value_table = [], []
    for message, _ in pairs:
        key_table += [len(message), start + len(keys)]
        keys += message + b"\0"
    for _, text in pairs:
        value_table += [len(text), start + len(keys) + len(values)]
        values += text + b"\0"
    numbers = [0x950412DE, 0, len(pairs), head, head + 8 * len(pairs), 0, 0, *key_table, *value_table]
    return struct.pack(f"<{len(numbers)}I", *numbers) + keys + values

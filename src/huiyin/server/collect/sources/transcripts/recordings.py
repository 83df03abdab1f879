"""What kind of recording some bytes are, told by how they begin and not by their name."""

from __future__ import annotations

LARGEST = 500 * 1024 * 1024
ENDINGS = (".wav", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".opus", ".flac", ".amr", ".awb", ".webm", ".3gp", ".3gpp", ".gsm")
HEAD = 4096
"""Bytes from the beginning by which the kind is told; a recorder may write notes of its own before it says how it wrote."""
_LAWS = {0x0006: "audio/vnd.wave;codec=6", 0x0007: "audio/vnd.wave;codec=7", 0x0031: "audio/vnd.wave;codec=31"}
"""What telephone systems write into WAV beside plain samples: A-law, µ-law, GSM 06.10."""
_GSM_FRAME = 33


def media_type_of(head: bytes) -> tuple[str, str] | None:
    """(media type, ending) of a recording from its first bytes; None where it is none that we know.

    >>> media_type_of(b"RIFF....WAVEfmt "), media_type_of(b"#!AMR"), media_type_of(b"<html>")
    (('audio/wav', '.wav'), ('audio/amr', '.amr'), None)
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _LAWS.get(_written_as(head), "audio/wav"), ".wav"
    if head[4:8] == b"ftyp":
        return ("audio/3gpp", ".3gp") if head[8:10] == b"3g" else ("audio/mp4", ".m4a")
    for begin, kind, ending in (
        (b"ID3", "audio/mpeg", ".mp3"),
        (b"OggS", "audio/ogg", ".ogg"),
        (b"fLaC", "audio/flac", ".flac"),
        (b"#!AMR-WB", "audio/amr-wb", ".awb"),
        (b"#!AMR", "audio/amr", ".amr"),
        (b"\x1a\x45\xdf\xa3", "audio/webm", ".webm"),
    ):
        if head.startswith(begin):
            return kind, ending
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac", ".aac"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return "audio/mpeg", ".mp3"
    # Bare GSM has no beginning of its own, but each of its frames begins with the same four bits.
    if len(head) > _GSM_FRAME and all(one >> 4 == 0xD for one in head[::_GSM_FRAME]):
        return "audio/gsm", ".gsm"
    return None


def _written_as(head: bytes) -> int:
    """The format number of a WAV, found in the first chunk of that name; 0 where it is not within the head."""
    at = 12
    while at + 10 <= len(head):
        if head[at : at + 4] == b"fmt ":
            return int.from_bytes(head[at + 8 : at + 10], "little")
        size = int.from_bytes(head[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return 0

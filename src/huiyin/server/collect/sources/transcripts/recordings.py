"""What kind of recording some bytes are, told by how they begin and not by their name."""

from __future__ import annotations

LARGEST = 500 * 1024 * 1024
ENDINGS = (".wav", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".opus", ".flac", ".amr", ".awb", ".webm")


def media_type_of(head: bytes) -> tuple[str, str] | None:
    """(media type, ending) of a recording from its first bytes; None where it is none that we know.

    >>> media_type_of(b"RIFF....WAVEfmt "), media_type_of(b"#!AMR"), media_type_of(b"<html>")
    (('audio/wav', '.wav'), ('audio/amr', '.amr'), None)
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav", ".wav"
    if head[4:8] == b"ftyp":
        return "audio/mp4", ".m4a"
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
    return None


PLAYABLE = frozenset({"audio/wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/flac", "audio/aac", "audio/webm"})
"""What browsers play; others are given as files."""

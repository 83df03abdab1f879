"""Which encoding a text is in, and decoding that marks what it cannot decode.

Where it fails: Latin-1 and Big5 texts are not recognised (name them with `encoding=`); a text
of very few Chinese characters in GB18030 can happen to be valid UTF-8.
"""

import codecs
import re
import unicodedata

MARK = "\udcff"
"""Stands for bytes that could not be decoded; a lone surrogate never occurs in decoded text."""

ERRORS = "huiyin.mark"
_SAMPLE = 1 << 16
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    """Mark one byte and go on with the next, so that a delimiter behind a bad byte survives."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.startswith("utf-16"):
        return MARK, error.end
    return MARK, error.start + 1


codecs.register_error(ERRORS, _mark_undecodable)


def find_encoding(sample: bytes) -> str:
    """Guess among UTF-8, UTF-16 and GB18030 from the first bytes of a text.

    >>> find_encoding("评论,评分\\n很好,5\\n".encode("gb18030"))
    'gb18030'
    >>> find_encoding("评论,评分\\n很好,5\\n".encode("utf-16-le"))
    'utf-16-le'
    """
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    beyond_ascii = _BEYOND_ASCII.search(sample)
    if 0 not in sample and beyond_ascii:
        sample = sample[sample.rfind(b"\n", 0, beyond_ascii.start()) + 1 :]
    sample = sample[:_SAMPLE]
    if 20 * sample.count(0) > len(sample) or (0 in sample and not _is_utf8(sample)):
        wide = [name for name in ("utf-16-le", "utf-16-be") if _plausible(sample, name) > 0.7]
        if wide:
            return max(wide, key=lambda name: _plausible(sample, name))
    if sample.isascii() or _is_utf8(sample):
        return "utf-8"
    return max(("utf-8", "gb18030"), key=lambda name: _plausible(sample, name))


def decode_sample(sample: bytes, encoding: str) -> str:
    """Decode the beginning of a text; a character cut off at the end is left out."""
    return codecs.getincrementaldecoder(encoding)(ERRORS).decode(sample, final=False)


def looks_like_text(sample: str) -> bool:
    """False for binary data: many control characters, or mostly undecodable."""
    odd = sum(1 for char in sample[:20_000] if _is_odd(char))
    return odd <= 0.1 * min(len(sample), 20_000)


def _is_odd(char: str) -> bool:
    return char == MARK or (char < " " and char not in "\t\r\n\f\x1c\x1d\x1e\x1f")


def _is_utf8(sample: bytes) -> bool:
    """Whether these bytes are UTF-8 but for the odd bad byte here and there."""
    text = decode_sample(sample, "utf-8")
    bad = text.count(MARK)
    beyond_ascii = sum(1 for char in text if char > "\x7f") - bad
    return bad == 0 or bad * 10 < beyond_ascii


def _plausible(sample: bytes, encoding: str) -> float:
    """Share of characters that feedback is made of, bad bytes weighing double."""
    text = decode_sample(sample, encoding)
    if not text:
        return 0.0
    bad = text.count(MARK)
    good = sum(1 for char in text if _is_ordinary(char))
    return (good - 2 * bad) / len(text)


def _is_ordinary(char: str) -> bool:
    if "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef":
        return True
    if char.isascii():
        return char.isprintable() or char in "\t\r\n"
    return "\u2010" <= char <= "\u206f" or unicodedata.category(char) in ("So", "Ll", "Lu")

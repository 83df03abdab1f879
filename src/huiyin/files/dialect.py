"""How a delimited text is delimited and quoted: the reading under which its rows agree best."""

import csv
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

ONE_COLUMN = "\udfff"
"""A delimiter that never occurs in decoded text, for files of a single column."""
DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter, quote and escape of a text."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None

    def parse(self, lines: list[str]) -> list[list[str]]:
        """The records of some lines; a cell beyond csv's field limit ends them early."""
        rows: list[list[str]] = []
        with suppress(csv.Error):
            rows.extend(csv.reader(lines, **self.csv_options()))
        return rows

    def parses_strictly(self, lines: list[str]) -> bool:
        """Whether quotes in these lines open and close only where cells do."""
        try:
            for _ in csv.reader(lines, strict=True, **self.csv_options()):
                pass
        except csv.Error:
            return False
        return True

    def csv_options(self) -> dict[str, Any]:
        """The keywords of `csv.reader` for it."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "doublequote": self.escape is None,
            "escapechar": self.escape,
        }


def find_dialect(lines: list[str], delimiter: str | None) -> Dialect:
    """The dialect of these first lines of a file.

    Rows should all be as wide as the first one, which is most often the header; where titles
    stand above the header, the width most rows share will do. Plain double quotes win ties.

    >>> find_dialect(["text;score\\n", "a, b;5\\n"], None)
    Dialect(delimiter=';', quote='"', escape=None)
    """
    delimiters = (delimiter,) if delimiter else DELIMITERS
    candidates = [Dialect(mark, quote, escape) for quote, escape in _quotings(lines) for mark in delimiters]
    scored = [(_agreement(dialect, lines, delimiter), dialect) for dialect in candidates]
    best_score = max(score for score, _ in scored)
    if best_score <= 0 and not delimiter:
        return Dialect(ONE_COLUMN)
    return next(dialect for score, dialect in scored if score == best_score)


def _quotings(lines: list[str]) -> list[tuple[str | None, str | None]]:
    text = "".join(lines)
    quotings: list[tuple[str | None, str | None]] = [('"', None)]
    if _single_quoted(lines):
        quotings.insert(0, ("'", None))
    if '\\"' in text:
        quotings.append(('"', "\\"))
    if '"' in text:
        quotings.append((None, None))
    return quotings


def _single_quoted(lines: list[str]) -> bool:
    quoted = sum(1 for line in lines if line.strip().startswith("'") and line.strip().endswith("'"))
    return len(lines) > 1 and quoted > 0.8 * len(lines)


def _agreement(dialect: Dialect, lines: list[str], forced: str | None) -> float:
    """Share of rows of the usual width, plus one where the first row has that width too."""
    rows = [row for row in dialect.parse(lines) if row]
    widths = [len(row) for row in rows]
    if not widths:
        return 0.0
    width, count = Counter(widths).most_common(1)[0]
    if width == 1 and not forced:
        return 0.0
    share = count / len(widths)
    if widths[0] == width:
        # Taking quotes literally spoils cells that are quoted properly: only for a clear gain.
        return 1 + share + min(width, 50) / 1000 - (0 if dialect.quote else 0.1)
    if widths[0] == 1 and not forced and (share < 0.8 or len(widths) < 5):
        return 0.0
    return share

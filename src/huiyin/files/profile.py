"""What a column holds, judged from a sample of its values; names play no part here."""

import re
from dataclasses import dataclass

from huiyin.files.dates import parses_as_date
from huiyin.files.scores import reads_as_score

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_CODE = re.compile(r"(?=\D*\d)[\w\-.:/#+]+", re.ASCII)
_HANZI = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u1fff]{2,}")
_TAGS = re.compile(r"[^\s,;|，；、。！？!?]{1,24}(?:[,;|、][^\s,;|，；、。！？!?]{1,24})+[,;|、]?")
_TRUTH = frozenset(
    [
        "0",
        "1",
        "true",
        "false",
        "yes",
        "no",
        "y",
        "n",
        "t",
        "f",
        "是",
        "否",
        "有",
        "无",
        "0.0",
        "1.0",
    ]
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares are of the values that are not empty."""

    filled: int
    rows: int
    unique: int
    characters: float
    """Mean length."""
    length: float
    """Mean length with a Chinese character as two: it says as much as several letters."""
    numeric: float
    dates: float
    """Parse as a date."""
    written_dates: float
    """Parse as a date that a number could not be."""
    urls: float
    codes: float
    prose: float
    """Six Chinese characters or four words in a row that are not a list of tags."""
    scores: float
    truth: bool
    """Nothing but two-valued answers."""

    @property
    def unique_share(self) -> float:
        """Different values among the filled ones."""
        return self.unique / self.filled if self.filled else 0.0

    @property
    def labels(self) -> bool:
        """A small set of short values said over and over."""
        few = self.unique <= max(12, 0.05 * self.filled)
        return self.filled >= 40 and few and self.length < 30

    def text_score(self) -> float | None:
        """How much this reads like free text, 0 to 1; None if it certainly is not."""
        if not self.filled:
            return 0.0
        if max(self.numeric, self.dates, self.urls, self.codes) > 0.8 or self.truth:
            return None
        length = min(1.0, self.length / 40)
        score = 0.4 * length + 0.25 * self.unique_share + 0.35 * self.prose
        return 0.2 * score if self.labels else score


def profile(values: list[str | None]) -> Profile:
    """Profile the values of one column.

    >>> profile(["H93,H15,", "H343,"]).text_score() is None
    True
    """
    filled = [value.strip()[:2000] for value in values if value and value.strip()]
    count = len(filled) or 1

    def share(pattern: re.Pattern[str]) -> float:
        return sum(1 for value in filled if pattern.fullmatch(value)) / count

    codes = sum(1 for value in filled if _is_codes(value))

    dates, written = parses_as_date(filled)
    return Profile(
        filled=len(filled),
        rows=len(values),
        unique=len(set(filled)),
        characters=sum(len(value) for value in filled) / count,
        length=sum(len(value) + len(_HANZI.findall(value)) for value in filled) / count,
        numeric=share(_NUMBER),
        dates=dates,
        written_dates=written,
        urls=share(_URL),
        codes=codes / count,
        prose=sum(1 for value in filled if _is_prose(value)) / count,
        scores=reads_as_score(filled),
        truth=bool(filled) and all(value.lower() in _TRUTH for value in filled),
    )


def _is_codes(value: str) -> bool:
    """One code, or several with separators between them; a code has a digit in it."""
    tokens = [token for token in re.split(r"[,;|\s]+", value) if token]
    return all(_CODE.fullmatch(token) for token in tokens)


def _is_prose(value: str) -> bool:
    if _TAGS.fullmatch(value) and len(value) < 200:
        return False
    return len(_HANZI.findall(value)) >= 6 or len(_WORD.findall(value)) >= 4

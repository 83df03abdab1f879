"""The questions of a box, one a line: `文字：…`, `0-10：…`, `1-5：…`; a star at the end makes it required, ` | ` parts Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.server.collect.sources.adapter import SourceRefused

MOST = 10
LONGEST_ANSWER = 5000
_LINE = re.compile(r"(文字|text|0\s*[-–~到]\s*10|1\s*[-–~到]\s*5)\s*[：:]\s*(.+?)\s*([*＊]?)\s*\Z", re.IGNORECASE)
_SCALES = {"0": (0, 10), "1": (1, 5)}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `scale` holds the lowest and the highest score; a question for words has none."""

    zh: str
    en: str
    required: bool
    scale: tuple[int, int] | None = None

    @property
    def scores(self) -> list[int]:
        """What can be given."""
        return list(range(self.scale[0], self.scale[1] + 1)) if self.scale else []

    def words(self, language: str) -> str:
        """The question in a language; Chinese where it was not put in English."""
        return self.en if language.startswith("en") and self.en else self.zh


def questions_of(text: str) -> list[Question]:
    """The questions of a setting.

    >>> [(one.zh, one.en, one.required, one.scale) for one in questions_of("0-10：会推荐我们吗 | Would you recommend us?*")]
    Traceback (most recent call last):
    huiyin.server.collect.sources.adapter.SourceRefused: One question has to ask for words
    >>> [(one.zh, one.scale) for one in questions_of("文字：想说什么*\\n1-5：服务打几分")]
    [('想说什么', None), ('服务打几分', (1, 5))]

    Raises:
        SourceRefused: a line that is no question, none for words, too many.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [_question(line, number) for number, line in enumerate(lines, start=1)]
    if len(found) > MOST:
        raise SourceRefused(f"最多 {MOST} 题", f"At most {MOST} questions", "questions")
    if all(one.scale for one in found):
        raise SourceRefused("至少要有一题是写文字的", "One question has to ask for words", "questions")
    return found


def _question(line: str, number: int) -> Question:
    read = _LINE.match(line)
    if not read:
        raise SourceRefused(
            f"第 {number} 行读不懂：开头写「文字：」「0-10：」或「1-5：」",
            f"Line {number} cannot be read: begin with 'text:', '0-10:' or '1-5:'",
            "questions",
        )
    zh, en = in_two(read[2])
    return Question(zh[:200], en[:200], bool(read[3]), _SCALES.get(read[1][0]))


def in_two(text: str) -> tuple[str, str]:
    """The Chinese and the English half of a line."""
    zh, _, en = text.partition("|")
    return zh.strip(), en.strip()


def stores_of(text: str) -> Sequence[tuple[str, str]]:
    """(store, product) of each line `门店` or `门店, 产品`; each has a code of its own."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [line.replace("，", ",").partition(",") for line in lines]
    return tuple(dict.fromkeys((store.strip()[:200], product.strip()[:200]) for store, _, product in pairs))

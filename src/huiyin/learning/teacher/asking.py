"""Whether the teacher is asked: by wish, by what is installed, by the time it would take; and every answer is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huiyin.learning.teacher import INSTALL, Teacher, Vectors, missing

LONGEST = 600.0
"""Seconds that `auto` thinks bearable."""
_TENTHS = 10

Tell = Callable[[str, str], None]
"""Told a line in Chinese and in English."""


def quiet(_zh: str, _en: str) -> None:
    """Tell nobody."""


def asked(choice: str, texts: Sequence[str], tell: Tell) -> Teacher | None:
    """The teacher, if `texts` are to be shown to it.

    Raises:
        ModelError: it is wished for with `always` and cannot be had.
    """
    if choice == "never":
        return None
    if choice == "auto" and (lacking := missing()):
        tell(f"没有请教师模型：缺 {'、'.join(lacking)}（{INSTALL}）", f"The teacher is not asked: {', '.join(lacking)} not installed ({INSTALL})")
        return None
    teacher = Teacher.load()
    seconds = teacher.seconds(texts)
    if choice == "auto" and seconds > LONGEST:
        tell(
            f"没有请教师模型：读 {len(texts):,} 条约要 {seconds / 60:.0f} 分钟；要它读就加 --teacher always",
            f"The teacher is not asked: it would take about {seconds / 60:.0f} min for {len(texts):,} texts; ask it with --teacher always",
        )
        return None
    tell(f"教师模型读 {len(texts):,} 条，约 {seconds:.0f} 秒", f"The teacher reads {len(texts):,} texts, about {seconds:.0f} s")
    return teacher


def read(teacher: Teacher, texts: Sequence[str], tell: Tell) -> Vectors:
    """What the teacher makes of `texts`, told at every tenth of the way."""
    tenths = 0

    def progress(done: int, of: int) -> None:
        nonlocal tenths
        if done * _TENTHS // of > tenths and done < of:
            tenths = done * _TENTHS // of
            tell(f"教师模型读了 {done:,} / {of:,} 条", f"The teacher has read {done:,} of {of:,}")

    return teacher.vectors(texts, progress)

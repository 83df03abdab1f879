"""Text with a speaker before each turn: `客服：…`, `[00:01:23] Agent: …`, or the speaker and the time on a line of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huiyin.server.collect.sources.transcripts.calls import Call, Found, Turn, Unread, field_of, is_head, seconds_of

_TIME = r"[\[(（【<]?\s*(\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)(?:\s*[-–~→]+>?\s*[\d:.,]+)?\s*[\])）】>]?"
_TURN = re.compile(
    rf"\s*(?:{_TIME}\s*)?[\[【<]?([^\[\]【】<>：:\d\s][^\[\]【】<>：:]{{0,29}}?)[\]】>]?\s*(?:[(（\[]?\s*{_TIME}\s*[)）\]]?\s*)?[：:]\s*(.*)\Z"
)
_HEAD_OF_TURN = re.compile(rf"\s*([^\s：:，。,.!?！？][^：:，。,.!?！？]{{0,29}}?)\s+{_TIME}\s*\Z")
_BLANKS = re.compile(r"[ \t\u3000\xa0]{2,}")
"""Runs of blanks are one, or what follows would try every way to part them."""
_ALONE = re.compile(rf"\s*{_TIME}\s*\Z")


def read_labelled(text: str, name: str) -> Iterator[Found]:
    """The call of a text file. Lines before the first turn may tell of the call (`通话编号: 123`); a line without a speaker goes on the turn."""
    call = Call(name)
    turns: list[tuple[str, list[str], float | None]] = []
    waiting: list[Unread] = []
    for number, line in enumerate(_BLANKS.sub(" ", text).splitlines(), start=1):
        if not line.strip() or _ALONE.match(line):
            continue
        head = _HEAD_OF_TURN.match(line)
        read = None if head else _TURN.match(line)
        if not turns and read and is_head(read[2]) and not read[1]:
            call.about.setdefault(field_of(read[2]), read[4].strip()[:300])
        elif head:
            turns.append((head[1].strip(), [], seconds_of(head[2])))
        elif read and _is_name(read[2]):
            at = read[1] or read[3]
            turns.append((read[2].strip(), [read[4].strip()], seconds_of(at) if at else None))
        elif turns:
            turns[-1][1].append(line.strip())
        else:
            waiting.append(Unread(number, "no_speaker", "前面没有写是谁说的", line.strip()[:500]))
    if not turns:
        yield Unread(1, "no_speaker", "没有一句写了是谁说的", text[:500])
        return
    yield from waiting
    call.turns = [Turn(speaker, said, at) for speaker, lines, at in turns if (said := "\n".join(one for one in lines if one))]
    call.name = call.about.pop("call_id", "") or name
    yield call


def _is_name(label: str) -> bool:
    """Whether words before a colon can be a speaker: `他跟我说` is not, nor is a whole sentence or an address of the web."""
    plain = label.strip()
    return 0 < len(plain) <= 20 and not plain.lower().endswith(("http", "https", "说", "说道", "讲")) and not re.search(r"[，。！？,!?;；]", plain)

"""SubRip and WebVTT: cues with times; the speaker stands in a voice tag (`<v Agent>`) or before a colon."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from huiyin.server.collect.sources.transcripts.calls import Call, Found, Turn, Unread, field_of, is_head, seconds_of

_TIMES = re.compile(r"\s*([\d:.,]{4,12})\s*-->\s*([\d:.,]{4,12})")
_VOICE = re.compile(r"<v(?:\.[\w.]*)?\s+([^>]{1,60})>(.*?)(?=<v[\s.]|\Z)", re.DOTALL)
_LABEL = re.compile(r"\s*[\[【(（]?([^\[\]【】()（）：:<>]{1,30}?)[\]】)）]?\s*[：:]\s*(.*)\Z", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def read_subtitles(text: str, name: str) -> Iterator[Found]:
    """The call of a subtitle file. A cue without a speaker goes on the turn of the one before."""
    call = Call(name)
    ends = 0.0
    for first, block in _blocks(text):
        at = next((index for index, line in enumerate(block) if "-->" in line), -1)
        if at < 0:
            _note(call, block)
            continue
        times = _TIMES.match(block[at])
        said = "\n".join(block[at + 1 :]).strip()
        if not times or seconds_of(times[1]) is None:
            yield Unread(first + at, "bad_time", "时间读不懂", block[at][:200])
            continue
        ends = max(ends, seconds_of(times[2]) or 0.0)
        for speaker, words in _spoken(said):
            if speaker:
                call.turns.append(Turn(speaker, words, seconds_of(times[1])))
            elif call.turns and words:
                last = call.turns[-1]
                call.turns[-1] = Turn(last.speaker, f"{last.text}\n{words}", last.at)
            elif words:
                yield Unread(first + at, "no_speaker", "没有写是谁说的", words[:500])
    if ends:
        call.about.setdefault("duration", str(round(ends)))
    if call.turns:
        call.name = call.about.pop("call_id", "") or name
        yield call
    else:
        yield Unread(1, "no_speaker", "没有一句写了是谁说的", text[:500])


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first."""
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, block
            block = []


def _note(call: Call, block: list[str]) -> None:
    """Head and notes may tell of the call: `NOTE 通话编号: 12`."""
    for line in block:
        name, colon, value = line.removeprefix("NOTE").replace("：", ":").partition(":")
        if colon and is_head(name) and value.strip():
            call.about.setdefault(field_of(name), value.strip()[:300])


def _spoken(said: str) -> Iterator[tuple[str, str]]:
    """(speaker, words) of a cue; the speaker is empty where it names none."""
    voices = _VOICE.findall(said)
    if voices:
        yield from ((speaker.strip(), _clean(words)) for speaker, words in voices)
        return
    labelled = _LABEL.match(_clean(said))
    yield (labelled[1].strip(), labelled[2].strip()) if labelled else ("", _clean(said))


def _clean(words: str) -> str:
    return html.unescape(_TAG.sub("", words)).strip()

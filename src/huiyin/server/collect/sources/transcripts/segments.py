"""JSON of segments, as speech recognisers write it: one call, a list of calls, or one call a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.server.collect.sources.transcripts.calls import Call, Found, Turn, Unread, about_of, field_of, seconds_of

_LISTS = ("segments", "turns", "utterances", "messages", "sentences", "dialogue", "conversation", "transcript", "phrases", "对话")
_CALLS = ("calls", "records", "items", "data", "通话")
_DEEP = 20


def read_segments(text: str, name: str) -> Iterator[Found]:
    """The calls of a JSON file, or of one with a JSON object on every line."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n" in text.strip() and text.lstrip().startswith("{"):
            yield from _lines(text, name)
        else:
            yield Unread(getattr(error, "lineno", 1), "not_json", "不是 JSON", text[:500])
        return
    yield from _calls(said, name, 1)


def _lines(text: str, name: str) -> Iterator[Found]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                said = json.loads(line)
            except (ValueError, RecursionError):
                yield Unread(number, "not_json", "这一行不是 JSON", line[:500])
                continue
            yield from _calls(said, f"{name}-{number}", number)


def _calls(said: Any, name: str, line: int) -> Iterator[Found]:
    if isinstance(said, list) and said and all(isinstance(one, dict) and _segments(one) is not None for one in said):
        for number, one in enumerate(said, start=1):
            yield from _call(one, f"{name}-{number}", line)
    elif isinstance(said, list):
        yield from _call({"segments": said}, name, line)
    elif (
        isinstance(said, dict) and _segments(said) is None and (some := next((said[key] for key in _CALLS if isinstance(said.get(key), list)), None))
    ):
        yield from _calls(some, name, line)
    elif isinstance(said, dict):
        yield from _call(said, name, line)
    else:
        yield Unread(line, "no_segments", "里面没有一段一段的话", str(said)[:500])


def _segments(said: Mapping[str, Any]) -> list[Any] | None:
    return next((said[key] for key in _LISTS if isinstance(said.get(key), list)), None)


def _call(said: Mapping[str, Any], name: str, line: int) -> Iterator[Found]:
    segments = _segments(said)
    if not segments:
        yield Unread(line, "no_segments", "里面没有一段一段的话", json.dumps(said, ensure_ascii=False)[:500])
        return
    inner: dict[str, Any] = next((said[key] for key in ("metadata", "meta", "call", "info") if isinstance(said.get(key), dict)), {})
    about = about_of({**inner, **said})
    call = Call(about.pop("call_id", "") or name, about=about, line=line)
    for number, one in enumerate(segments, start=1):
        turn = _turn(one) if isinstance(one, dict) else None
        if turn is None:
            yield Unread(line, "bad_segment", f"第 {number} 段没有说话人或没有话", json.dumps(one, ensure_ascii=False)[:500])
        elif turn.text:
            call.turns.append(turn)
    if call.turns:
        yield call


def _turn(segment: Mapping[str, Any]) -> Turn | None:
    by_name: dict[str, tuple[str, Any]] = {}
    for key, value in segment.items():
        by_name.setdefault(field_of(key), (key, value))
    speaker, text = by_name.get("speaker", ("", None))[1], by_name.get("text", ("", None))[1]
    if isinstance(speaker, dict):
        speaker = speaker.get("name") or speaker.get("role") or speaker.get("id")
    if speaker in (None, "") or not isinstance(text, str):
        return None
    key, at = by_name.get("at", ("", segment.get("start_ms", segment.get("begin_ms"))))
    seconds = seconds_of(str(at)) if at not in (None, "") else None
    # Milliseconds where the name says so, or where it is the one of a recogniser that counts in them.
    if seconds is not None and (not key or key.lower().endswith("ms") or key in ("BeginTime", "beginTime", "begin_time")):
        seconds /= 1000
    return Turn(str(speaker)[:60], text.strip(), seconds)

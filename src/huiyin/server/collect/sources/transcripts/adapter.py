"""Transcripts of calls, handed in as files: only the customer's turns are read for opinions, the whole is kept and shown."""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.attachments import RECORDING, Attached, attachments_of, file_keep
from huiyin.server.collect.feedback.models import Attachment, Inbox
from huiyin.server.collect.feedback.playing import needs_copy
from huiyin.server.collect.feedback.records import dumps
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Beside, Pulled, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject, rejected
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.transcripts.calls import (
    AGENT_LABELS,
    CUSTOMER,
    CUSTOMER_LABELS,
    Call,
    Turn,
    Unread,
    clock,
    labels_of,
    roles_of,
    seconds_of,
)
from huiyin.server.collect.sources.transcripts.packages import Member, Package
from huiyin.server.collect.sources.transcripts.recordings import HEAD, media_type_of
from huiyin.server.collect.sources.upload.adapter import folder_of_uploads

_STEP = 50
_SHOWN = 3


class Transcripts(Adapter):
    """Calls as text, with or without their recordings."""

    kind = "transcripts"
    name = _("热线转写")
    about = _("电话录音转成的文字：分得清客户与客服，只读客户的话；录音放在一起，能在原声页上听")
    bulk = True
    settings = (
        Setting("customers", _("客户叫什么"), "lines", True, _("说话人以这些字开头的是客户；逗号分开"), default=CUSTOMER_LABELS),
        Setting("agents", _("客服叫什么"), "lines", True, _("说话人以这些字开头的是客服；只有两个人时，认出一个就知道另一个"), default=AGENT_LABELS),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """There are labels, and none is both."""
        customers, agents = labels_of(str(config["customers"])), labels_of(str(config["agents"]))
        if not customers:
            raise SourceRefused("至少写一个客户的称呼", "Name at least one label of the customer", "customers")
        if both := sorted(set(customers) & set(agents)):
            raise SourceRefused(f"「{both[0]}」既是客户又是客服", f"'{both[0]}' is both customer and agent", "agents")
        return dict(config)

    def test(self, source: Source) -> Trial:
        """Nothing to call: say how many labels there are."""
        customers, agents = _labels(source)
        return Trial(
            f"可以用：客户 {len(customers)} 种叫法，客服 {len(agents)} 种", f"Usable: {len(customers)} labels of customers, {len(agents)} of agents"
        )

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """Every call of the files; `cursor` says how many files are done, and how many calls of the next."""
        paths = [folder_of_uploads() / one for one in run.options.get("files", [])]
        if not paths or not all(path.is_file() for path in paths):
            raise SourceRefused("上传的文件已经不在了，重新上传一次", "The uploaded file is gone; upload it again")
        with Package(paths) as package:
            yield from _steps(source, package, dict(cursor or {}))
        for path in paths:
            shutil.rmtree(path.parent, ignore_errors=True)

    def map(self, source: Source, raw: str) -> list[Entry]:
        """A kept call, read again under the present labels."""
        said = json.loads(raw)
        return [_entry(source, _call_of(said), "", said.get("recording", ""))] if "turns" in said else []

    def beside(self, row: Inbox) -> Sequence[Beside]:
        """The whole call, masked, and its recording."""
        said = json.loads(row.raw) if row.raw else {}
        turns = conversation(row.source, _call_of(said)) if "turns" in said else []
        found = attachments_of(row.pk)
        if not turns and not found:
            return ()
        underway = any(one.player_state == one.Player.WAITING for one in found)
        return (Beside("sources/beside/call.html", {"turns": turns, "recordings": found, "underway": underway}),)


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as it is shown: masked. `role` is customer, agent or empty."""

    role: str
    speaker: str
    text: str
    at: str


def conversation(source: Source, call: Call) -> list[Shown]:
    """The turns of a call, with personal data masked. A name in place of a label may be the customer's own and is masked too."""
    from huiyin.text.masking import mask_batch

    customers, agents = _labels(source)
    roles = roles_of((one.speaker for one in call.turns), customers, agents)
    # The label alone tells no more than the role does.
    unsaid = {one.speaker for one in call.turns if roles.get(one.speaker) == CUSTOMER or one.speaker.lower() in agents}
    texts = [one.text for one in mask_batch([one.text for one in call.turns])]
    names = [one.text for one in mask_batch([one.speaker for one in call.turns])]
    return [
        Shown(roles.get(turn.speaker, ""), "" if turn.speaker in unsaid else name, text, clock(turn.at))
        for turn, text, name in zip(call.turns, texts, names, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """What files hold, before anything is kept."""

    calls: list[tuple[str, list[Shown]]]
    texts: int
    recordings: int
    unread: list[tuple[str, str]]


def look_at_calls(source: Source, files: Sequence[str]) -> Look:
    """The first calls as they would be shown, and what would not be taken."""
    with Package([folder_of_uploads() / one for one in files]) as package:
        unread = [(one.name, one.detail) for one in package.refused]
        calls: list[tuple[str, list[Shown]]] = []
        for member in package.texts[:20]:
            for found in islice(package.calls(member), 20):
                if isinstance(found, Unread):
                    unread.append((f"{member.name} · {found.line}", found.detail))
                elif len(calls) < _SHOWN:
                    calls.append((found.name, conversation(source, replace(found, turns=found.turns[:8]))))
        return Look(calls, len(package.texts), len(package.recordings), unread[:20])


def _steps(source: Source, package: Package, cursor: dict[str, Any]) -> Iterator[Pulled]:
    done, skip, total = int(cursor.get("files", 0)), int(cursor.get("calls", 0)), len(package.texts)
    if not done and not skip:
        for some in _handfuls(package.refused):
            yield Pulled([rejected("", one.reason, one.detail, one.name) for one in some], {"files": 0}, 0, total)
    used: set[str] = set()
    for number, member in enumerate(package.texts):
        calls = package.calls(member)
        taken = 0
        while step := list(islice(calls, _STEP)):
            taken += len(step)
            # What is kept already is looked at again only for the recordings that belong to it.
            keep = number > done or (number == done and taken > skip)
            entries = [entry for one in step for entry in _found(source, package, member, one, used, keep)]
            if keep:
                yield Pulled(entries, {"files": number, "calls": taken}, number, total)
        if number >= done:
            yield Pulled([], {"files": number + 1}, number + 1, total)
    lonely = [member for stem, member in package.recordings.items() if stem not in used]
    for some in _handfuls(lonely):
        yield Pulled([rejected("", "no_transcript", "录音没有对应的文字", one.name) for one in some], {"files": total}, total, total)


def _handfuls(given: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (given[at : at + _STEP] for at in range(0, len(given), _STEP))


def _found(source: Source, package: Package, member: Member, found: Call | Unread, used: set[str], keep: bool) -> list[Entry]:
    place = f"{member.name} · {found.line}"
    if isinstance(found, Unread):
        return [rejected(dumps({"unread": found.raw}), found.reason, found.detail, place)]
    for name, value in package.told(found.name).items():
        found.about.setdefault(name, value)
    stem = next((one for one in (found.name.lower(), member.stem) if one in package.recordings), "")
    used.add(stem)
    if not stem or not keep:
        return [_entry(source, found, place, "")]
    recording = package.recordings[stem]
    entry = _entry(source, found, place, recording.mark())
    return [entry] if entry.reason else _with_recording(entry, recording)


def _with_recording(entry: Entry, recording: Member) -> list[Entry]:
    """The call with its recording; where that is none, the call without, and the recording listed."""
    try:
        with recording.open() as opened:
            known = media_type_of(opened.read(HEAD))
        if known is None:
            return [entry, rejected("", "not_audio", "不是认得的录音", recording.name)]
        with recording.open() as opened:
            file = file_keep(opened, known[1])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return [entry, rejected("", "damaged", "录音坏了，解不开", recording.name)]
    player_state = Attachment.Player.WAITING if needs_copy(known[0]) else Attachment.Player.AS_IS
    return [replace(entry, attachments=(Attached(RECORDING, file, known[0], recording.size, player_state=player_state),))]


def _entry(source: Source, call: Call, place: str, recording: str) -> Entry:
    roles = roles_of((one.speaker for one in call.turns), *_labels(source))
    raw = {"call": call.name, **call.about, "turns": [[one.speaker, one.at, one.text] for one in call.turns]}
    if CUSTOMER not in roles.values():
        speakers = "、".join(dict.fromkeys(one.speaker for one in call.turns))
        return rejected(dumps(raw), "unknown_speaker", f"认不出谁是客户：{speakers}", place)
    return entry_or_reject(_record(call, roles), raw=dumps({**raw, "recording": recording}), place=place, live=False)


def _record(call: Call, roles: Mapping[str, str]) -> dict[str, Any]:
    about = dict(call.about)
    seconds = seconds_of(about.pop("duration", ""))
    attributes = {name: about.pop(name, "") for name in ("agent", "queue", "direction")}
    attributes["duration"] = clock(seconds)
    return {
        **{name: value for name, value in about.items() if name != "started_at"},
        "external_id": call.name[:190],
        "text": "\n".join(one.text for one in call.turns if roles.get(one.speaker) == CUSTOMER),
        "occurred_at": about.get("started_at"),
        "attributes": {name: value for name, value in attributes.items() if value},
    }


def _call_of(said: Mapping[str, Any]) -> Call:
    turns = [Turn(speaker, text, at) for speaker, at, text in said["turns"]]
    return Call(str(said.get("call", "")), turns, {name: str(value) for name, value in said.items() if name not in ("call", "turns", "recording")})


def _labels(source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return labels_of(source.config["customers"]), labels_of(source.config["agents"])


ADAPTER = Transcripts()

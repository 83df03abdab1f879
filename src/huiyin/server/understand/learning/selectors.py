"""Reads of learning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.selectors import jobs_of
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.selectors import voice_of
from huiyin.server.understand.learning.lessons import lessons_of
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.services import TRAIN
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.jobs import REREAD
from huiyin.text.teaching import HELD, LEAST_HELD, LEAST_LESSONS

_State = Candidate.State
UNDERWAY = (Job.State.WAITING, Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of label before and after, on opinions of customers that were never learnt from."""

    name: str
    n: int
    before: Estimate
    after: Estimate
    change: float
    low: float
    high: float

    @property
    def enough(self) -> bool:
        """Whether it is shown."""
        return self.n >= LEAST_HELD

    @property
    def surely(self) -> bool:
        """Whether it is more than chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to learn from now."""

    learnt: int
    held: int
    by_side: tuple[tuple[str, str, int], ...]
    aspects: int

    @property
    def missing(self) -> tuple[int, int]:
        """How many more are needed of either part."""
        return max(0, LEAST_LESSONS - self.learnt), max(0, LEAST_HELD - self.held)

    @property
    def lopsided(self) -> str:
        """The side that makes up more than nine in ten, where one does."""
        total = sum(count for _, _, count in self.by_side)
        return next((name for _, name, count in self.by_side if total and count > 0.9 * total), "")


def material() -> Material:
    """Corrections and confirmations that hold, parted as training parts them."""
    lessons = lessons_of(facts_store())
    learnt = [one for one in lessons if one.unit % 10 >= HELD]
    sides = tuple((names.SIDE[side], str(names.POLARITY[side]), sum(one.polarity == side for one in learnt)) for side in (-1, 0, 1))
    return Material(len(learnt), len(lessons) - len(learnt), sides, sum(one.aspect is not None for one in learnt))


def compared(candidate: Candidate) -> list[Compared]:
    """Both kinds of labels, as they were scored."""
    found = []
    for key, name in (("polarity", _("情感")), ("aspect", _("主题"))):
        one = candidate.outcome.get(key)
        if one and one["n"]:
            n, before, after = one["n"], one["before"], one["after"]
            found.append(Compared(name, n, wilson(before, n), wilson(after, n), (after - before) / n, one["low"], one["high"]))
    return found


def changed_share(preview: Mapping[str, Any]) -> Estimate:
    """Share of voices that would be read otherwise, from the uniform sample."""
    return wilson(preview.get("voices", 0), preview.get("sample", 0))


def examples_of(preview: Mapping[str, Any], within: Filter, most: int = 12) -> list[dict[str, Any]]:
    """Opinions that would be read otherwise, within what the person may see, in the customer's words."""
    found = []
    for one in preview.get("examples", []):
        voice = voice_of(one["id"], within)
        text = voice.fields["text"] if voice else ""
        if voice is None or one["end"] > len(text or ""):
            continue
        found.append({"id": one["id"], "said": text[one["start"] : one["end"]], "before": _words(one["before"]), "after": _words(one["after"])})
        if len(found) >= most:
            break
    return found


def _words(read: list[Any] | None) -> dict[str, Any]:
    if read is None:
        return {"none": True}
    return {"sign": names.SIGN[read[0]], "side": names.SIDE[read[0]], "polarity": names.POLARITY[read[0]], "aspect": names.aspect_name(read[1])}


def waiting() -> Candidate | None:
    """The candidate that is being trained or waits for a decision; else the latest one that was refused or failed, if nothing came after."""
    latest = Candidate.objects.defer("data").first()
    return latest if latest and latest.state in (_State.TRAINING, _State.READY, _State.REFUSED, _State.FAILED) else None


def in_use() -> Candidate | None:
    """The taught model that is in use; None: the shipped one."""
    return Candidate.objects.defer("data").filter(state=_State.ACTIVE).first()


def former() -> QuerySet[Candidate]:
    """Models that were in use, the latest first."""
    return Candidate.objects.defer("data").filter(state=_State.FORMER).order_by("-decided_at")[:10]


def training_job(candidate: Candidate) -> Job | None:
    """The job of a training."""
    return jobs_of(TRAIN, str(candidate.pk)).first()


def rereading() -> Job | None:
    """The re-reading that is under way, or the last one."""
    return jobs_of(REREAD).first()

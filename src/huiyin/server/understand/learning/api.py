"""`/api/v1/learning`: training with corrections, the models there are, which one reads, and reading history again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from huiyin.server.foundation.jobs.api import JobStarted
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.understand.learning import renewal, selectors
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.services import LearningRefused, candidate_decline, history_reread, model_use, training_start
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["learning"])
prefix = "/learning"
_MANAGES = Holding("models.manage")


class ScoredKind(Schema):
    """One kind of label, on opinions of customers that were never learnt from: share read as people do, before and after."""

    name: str
    n: int
    before: float | None
    after: float | None
    change: float
    low: float
    high: float


class ModelOut(Schema):
    """A training: training, ready (waits for a decision), refused, active, former, declined, failed."""

    id: int
    version: str
    state: str
    verdict: str
    against: str = Field(description="the version it was compared with; empty: the shipped one")
    made_at: datetime
    decided_at: datetime | None
    scores: list[ScoredKind]


class LearningOut(Schema):
    """What there is to learn from, what reads now (null: the shipped model), what waits for a decision."""

    learnt: int
    held: int
    missing: list[int] = Field(description="how many more are needed to learn from, and to score by")
    in_use: ModelOut | None
    candidate: ModelOut | None
    older: int = Field(description="voices that an older engine or model read")


@router.get("", response=LearningOut, url_name="learning")
@needs("voices.correct")
def learning(request: HttpRequest) -> Any:
    """Where learning stands."""
    return _standing()


def _standing() -> dict[str, Any]:
    material, active, candidate = selectors.material(), selectors.in_use(), selectors.waiting()
    return {
        "learnt": material.learnt,
        "held": material.held,
        "missing": list(material.missing),
        "in_use": _told(active) if active else None,
        "candidate": _told(candidate) if candidate else None,
        "older": renewal.behind(),
    }


@router.get("/models", response=list[ModelOut], url_name="learning_models")
@needs("voices.correct")
def models(request: HttpRequest) -> Any:
    """All trainings, the latest first; a hundred at most."""
    return [_told(one) for one in Candidate.objects.defer("data")[:100]]


@router.post("/train", response={202: ModelOut}, url_name="learning_train", auth=_MANAGES)
@needs("models.manage")
def train(request: HttpRequest) -> Any:
    """Train with the corrections there are. One that is being trained, or that learnt from the very same, is given back."""
    return Status(202, _told(training_start(request.user)))


@router.post("/models/{int:number}/use", response=ModelOut, url_name="learning_use", auth=_MANAGES)
@needs("models.manage")
def use(request: HttpRequest, number: int) -> Any:
    """Read with it from now on: a candidate that waits, or one that was in use before."""
    return _decided(lambda one: model_use(request.user, one), number)


@router.post("/models/{int:number}/decline", response=ModelOut, url_name="learning_decline", auth=_MANAGES)
@needs("models.manage")
def decline(request: HttpRequest, number: int) -> Any:
    """Leave everything as it is; its file is not kept."""
    return _decided(lambda one: candidate_decline(request.user, one), number)


@router.post("/shipped", response=LearningOut, url_name="learning_back", auth=_MANAGES)
@needs("models.manage")
def back(request: HttpRequest) -> Any:
    """Read with the shipped model from now on."""
    try:
        model_use(request.user, None)
    except LearningRefused as error:
        return _refused(error)
    return _standing()


@router.post("/try", response={202: JobStarted}, url_name="learning_try", auth=_MANAGES)
@needs("models.manage")
def try_engine(request: HttpRequest) -> Any:
    """Have a draw of older voices read by the engine of now, to see what it would read otherwise."""
    return Status(202, {"job": renewal.preview_start(request.user).pk})


@router.post("/reread", response={202: JobStarted}, url_name="learning_reread", auth=_MANAGES)
@needs("models.manage")
def reread(request: HttpRequest) -> Any:
    """Read history again with the model in use; corrections stay. One that is under way is given back."""
    running = selectors.rereading()
    if running is None or running.state not in selectors.UNDERWAY:
        running = history_reread(request.user)
    return Status(202, {"job": running.pk})


def _decided(decide: Any, number: int) -> Any:
    one = get_object_or_404(Candidate, pk=number)
    try:
        decide(one)
    except LearningRefused as error:
        return _refused(error)
    one.refresh_from_db()
    return _told(one)


def _refused(error: LearningRefused) -> Any:
    return problem(409, "cannot_use", "这个模型已经不能用了，或已经有人定过了", error.message)


def _told(one: Candidate) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("version", "state", "verdict", "against", "made_at", "decided_at")}
    scores = [
        {"name": row.name, "n": row.n, "before": row.before.value, "after": row.after.value, "change": row.change, "low": row.low, "high": row.high}
        for row in selectors.compared(one)
        if row.enough
    ]
    return {"id": one.pk, **same, "scores": scores}

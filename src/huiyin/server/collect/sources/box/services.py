"""Keeping what somebody wrote into a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from huiyin.server.collect.feedback.attachments import Attached
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.feedback.records import dumps
from huiyin.server.collect.feedback.services import Receipt, take
from huiyin.server.collect.sources.box.questions import Question
from huiyin.server.collect.sources.entries import entry_of
from huiyin.server.collect.sources.models import Source


@dataclass(frozen=True, slots=True)
class Said:
    """A filled-in form. `answers` holds a text or a score for each question that was answered."""

    answers: Sequence[tuple[Question, str | int]]
    contact: str = ""
    store: str = ""
    product: str = ""


def was_taken(source: Source, form_key: str) -> bool:
    """Whether the form of that key was kept already."""
    return Inbox.objects.filter(source=source, external_id=f"form-{form_key}").exists()


def box_take(source: Source, said: Said, form_key: str, photos: Sequence[Attached] = ()) -> Receipt:
    """Keep a form with its photos, in one transaction. `form_key` was drawn with the form: sent twice, it is kept once.

    Raises:
        RecordRefused: there are no words in it.
    """
    raw = dumps(
        {"answers": [[one.zh, answer] for one, answer in said.answers], "contact": said.contact, "store": said.store, "product": said.product}
    )
    entry = replace(entry_of({**record_of(said), "external_id": f"form-{form_key}"}, raw=raw), attachments=tuple(photos))
    return take(source.pk, [entry])[0]


def record_of(said: Said) -> dict[str, Any]:
    """The form as a record: the words without the questions, which are ours; the first score as its score, others as attributes."""
    words = [str(answer) for question, answer in said.answers if not question.scale]
    scores = [(question, int(answer)) for question, answer in said.answers if question.scale]
    record: dict[str, Any] = {"text": "\n".join(words), "customer_id": said.contact, "store": said.store, "product": said.product}
    if scores:
        first, score = scores[0]
        top = first.scores[-1]
        record |= {"score": score, "scale_max": top, "metric": "nps" if top == 10 else "csat"}
        record["attributes"] = {question.zh: str(given) for question, given in scores[1:]}
    return {name: value for name, value in record.items() if value not in ("", None, {})}

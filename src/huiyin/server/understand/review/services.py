"""Checking one opinion at a time. Answer, audit row and correction of the facts come together."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa
from django.db.models import Max, Q
from django.utils import timezone

from huiyin.facts import Correction, Facts
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_store, facts_write
from huiyin.server.understand.review.drawing import random_part, unsure_part
from huiyin.server.understand.review.models import Answer, ReviewItem
from huiyin.server.understand.review.selectors import waiting_for, well_labelled

BATCH = 20
"""Drawn at a time: half of them at random."""
SECOND_SHARE = 4
"""One in so many is shown blind to a second person."""
HOLD = timedelta(minutes=3)
"""So long a person has an opinion before her to herself."""
UNDO = timedelta(hours=1)
_State, _Kind = ReviewItem.State, Answer.Kind


class ReviewRefused(Exception):
    """An answer that cannot be taken: somebody else answered meanwhile, or the same person twice."""


def draw(user: Any) -> int:
    """Draw a batch within what the person may see; gives how many were drawn."""
    where, store = scope_filter(user), facts_store()
    drawn = list(ReviewItem.objects.values_list("feedback_id", flat=True))
    chance = random_part(store, BATCH // 2, drawn, where)
    unsure = unsure_part(store, BATCH - len(chance), drawn, well_labelled(), where)
    whole = not where.to_query()
    last = ReviewItem.objects.aggregate(last=Max("place"))["last"] or 0
    items = [_item(row, ReviewItem.Part.RANDOM, whole, last + 1 + 2 * at) for at, row in enumerate(chance)]
    items += [_item(row, ReviewItem.Part.UNSURE, whole, last + 2 + 2 * at) for at, row in enumerate(unsure)]
    with facts_write(), state_write():
        # Under the lock nothing is erased: what is gone by now is not kept. Two people who draw at once draw the same ones: each stands there once.
        there = pa.table({"wanted_id": pa.array([one.feedback_id for one in items], pa.string())})
        left = store.query("SELECT v.feedback_id FROM wanted w JOIN voice v ON w.wanted_id = v.feedback_id", tables={"wanted": there})
        present = set(left["feedback_id"].to_pylist())
        ReviewItem.objects.bulk_create([one for one in items if one.feedback_id in present], ignore_conflicts=True)
    return len(items)


def _item(row: Mapping[str, Any], part: Any, whole: bool, place: int) -> ReviewItem:
    return ReviewItem(
        feedback_id=row["feedback_id"],
        start=row["start"],
        end=row["end"],
        mention_no=row["mention_no"],
        part=part,
        reasons=row["reasons"],
        read_aspect=row["aspect"] or "",
        read_polarity=row["polarity"],
        read_confidence=row["confidence"],
        read_version=row["text_version"] or "",
        whole=whole,
        # Every fourth by the hash of its id: neither the order nor the person decides.
        second=zlib.crc32(row["feedback_id"].encode()) % SECOND_SHARE == 0,
        place=place,
    )


def next_item(user: Any) -> ReviewItem | None:
    """The next opinion for this person, held for her; draws when none is left. None where nothing is to be checked."""
    for attempt in range(2):
        for item in waiting_for(user)[:BATCH]:
            if _hold(item, user):
                return item
        if attempt == 0 and not draw(user):
            break
    return None


def _hold(item: ReviewItem, user: Any) -> bool:
    now = timezone.now()
    free = ReviewItem.objects.filter(pk=item.pk, state=item.state).filter(Q(held_by=user) | Q(held_until__isnull=True) | Q(held_until__lt=now))
    with state_write():
        return bool(free.update(held_by=user, held_until=now + HOLD))


def item_gone(item: ReviewItem) -> None:
    """The voice was erased or changed: nothing can be checked any more."""
    with state_write():
        ReviewItem.objects.filter(pk=item.pk).update(state=_State.GONE, held_until=None)


def answer(user: Any, item: ReviewItem, polarity: int | None, aspect: str) -> Answer:
    """Take a person's answer; `polarity` None: these words are no opinion.

    The first answer is laid over the facts at once. A second one, given blind, is compared with it; where they differ neither is laid
    until a third person settles it.

    Raises:
        ReviewRefused: somebody else was quicker, or this person has answered already.
    """
    with facts_write() as store, state_write():
        now = ReviewItem.objects.select_for_update().get(pk=item.pk)
        given = list(now.answers.exclude(turn=0).order_by("turn"))
        if now.state in (_State.DONE, _State.GONE) or now.answers.filter(rater=user).exists():
            raise ReviewRefused
        kind = _Kind.REMOVED if polarity is None else _Kind.CONFIRMED
        if polarity is not None and (polarity, aspect) != (now.read_polarity, now.read_aspect):
            kind = _Kind.CORRECTED
        made = Answer(item=now, rater=user, turn=len(given) + 1, kind=kind, polarity=polarity, aspect=aspect if polarity is not None else "")
        made.save()
        _settle(store, now, [*given, made], user)
        verb = "review.settled" if made.turn == 3 else "review.answered"
        after = {"answer": kind, "polarity": polarity, "aspect": made.aspect, "turn": made.turn}
        before = {"polarity": now.read_polarity, "aspect": now.read_aspect}
        record(verb, now.feedback_id, actor=user, object_type="feedback", before=before, after=after)
    return made


def _settle(store: Facts, item: ReviewItem, given: list[Answer], user: Any) -> None:
    """The state that follows from the answers, and what of it the facts are told."""
    last = given[-1]
    if last.turn == 1:
        item.state = _State.SECOND if item.second else _State.DONE
        _lay(store, item, last, user)
    elif last.turn == 2:
        item.state = _State.DONE if last.label == given[0].label else _State.DISPUTED
    else:
        item.state = _State.DONE
        if last.label != given[0].label:
            _lay(store, item, last, user)
    item.held_by, item.held_until = None, None
    item.save(update_fields=["state", "held_by", "held_until"])


def _lay(store: Facts, item: ReviewItem, said: Answer | None, user: Any) -> None:
    """Lay an answer over the facts, a confirmation too: what a person has checked no later reading changes. None: as the machine read it."""
    values: dict[str, Any] = {"removed": True}
    if said is None or said.kind != _Kind.REMOVED:
        polarity = said.polarity if said else item.read_polarity
        values = {"removed": False, "polarity": polarity, "aspect": (said.aspect if said else item.read_aspect) or None}
    now = timezone.now()
    store.correct(
        [Correction(item.feedback_id, name, value, user.email, now, item.start, item.end, item.mention_no) for name, value in values.items()]
    )


def skip(user: Any, item: ReviewItem) -> None:
    """Leave it to others; it does not come back to this person."""
    with state_write():
        Answer.objects.get_or_create(item=item, rater=user, defaults={"turn": 0, "kind": _Kind.SKIPPED})
        ReviewItem.objects.filter(pk=item.pk, held_by=user).update(held_by=None, held_until=None)


def undo(user: Any) -> ReviewItem | None:
    """Take back the person's latest answer of the last hour, if nobody has answered after her; gives the opinion, held for her again."""
    since = timezone.now() - UNDO
    with facts_write() as store, state_write():
        last = Answer.objects.filter(rater=user, given_at__gte=since).select_related("item").order_by("-given_at", "-pk").first()
        if last is None or (last.turn and last.item.answers.filter(turn__gt=last.turn).exists()):
            return None
        item, turn = last.item, last.turn
        last.delete()
        before = item.answers.filter(turn=1).first()
        if turn in (1, 3):
            _lay(store, item, before, user)
        if turn:
            item.state = {1: _State.OPEN, 2: _State.SECOND, 3: _State.DISPUTED}[turn]
            record("review.undone", item.feedback_id, actor=user, object_type="feedback", before={"answer": last.kind, "turn": turn})
        item.held_by, item.held_until = user, timezone.now() + HOLD
        item.save(update_fields=["state", "held_by", "held_until"])
    return item

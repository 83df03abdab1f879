"""What people do to topics. Each edit is a fact that every later run keeps to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.taxonomy.services.examples import topic_take
from huiyin.server.understand.topics.growing import basis_of, prototype, texts_of
from huiyin.server.understand.topics.models import Member, Prototype, Topic
from huiyin.text import topics
from huiyin.text.topic_names import named

_State = Topic.State


class TopicRefused(Exception):
    """An edit that cannot be made as things stand."""


def topics_grow(user: Any, again: bool = False) -> Job:
    """Have a run done now; one that waits is not doubled."""
    return enqueue("topics.grow", {"again": True} if again else {}, key="again" if again else "now", user=user)


def topic_rename(user: Any, topic: Topic, name: str) -> None:
    """Give it a name, which no run changes.

    Raises:
        TopicRefused: an empty name.
    """
    name = " ".join(name.split())[:80]
    if not name:
        raise TopicRefused
    with state_write():
        now = _open(topic)
        before, now.name, now.human_name, now.named_by = now.name, name, True, user
        now.save(update_fields=["name", "human_name", "named_by"])
        record("topic.renamed", now, actor=user, before={"name": before}, after={"name": name})
        publish("topics", {"topic": now.pk})


def topic_merge(user: Any, topic: Topic, into: Topic) -> None:
    """Put one topic into another: its opinions, and its definition, so that what comes later goes there too.

    Raises:
        TopicRefused: the same one, or one that is merged already.
    """
    with state_write():
        now, target = _open(topic), _open(into)
        if now.pk == target.pk:
            raise TopicRefused
        Prototype.objects.filter(topic=now).update(topic=target)
        Member.objects.filter(topic=now).update(topic=target)
        Topic.objects.filter(into=now).update(into=target)
        now.state, now.into = _State.MERGED, target
        now.save(update_fields=["state", "into"])
        target.seeds = list(dict.fromkeys([*target.seeds, *now.seeds]))[:10]
        target.save(update_fields=["seeds"])
        record("topic.merged", now, actor=user, after={"into": target.name})
        publish("topics", {"topic": target.pk})


def topic_split(user: Any, topic: Topic, members: Sequence[int], name: str = "") -> Topic:
    """Make a topic of its own out of some opinions; they stay there, and what is said like them goes there.

    Raises:
        TopicRefused: none of its opinions, or all of them.
    """
    chosen = list(Member.objects.filter(topic=topic, pk__in=list(members)))
    if not chosen or len(chosen) == Member.objects.filter(topic=topic).count():
        raise TopicRefused
    texts = texts_of(facts_store(), sorted({one.feedback_id for one in chosen}))
    said = [texts.get(one.feedback_id, "")[one.start : one.end] for one in chosen]
    own = named(said)
    matrix = topics.vectors(said, basis_of(facts_store()))
    with state_write():
        source = _open(topic)
        made = Topic.objects.create(
            name=(" ".join(name.split()) or own.name or source.name)[:80],
            seeds=list(own.seeds),
            split_from=source,
            human_name=bool(name.strip()),
            named_by=user if name.strip() else None,
        )
        if np.diff(matrix.indptr).any():
            prototype(made, topics.definition(matrix)).save()
        Member.objects.filter(pk__in=[one.pk for one in chosen], topic=source).update(topic=made, pinned=True, reason=Member.Reason.PLACED)
        record("topic.split", made, actor=user, before={"name": source.name}, after={"name": made.name, "opinions": len(chosen)})
        publish("topics", {"topic": made.pk})
    return made


def topic_hide(user: Any, topic: Topic, hidden: bool = True) -> None:
    """Take it out of the list, or back into it. What belongs to it is still placed with it."""
    with state_write():
        now = _open(topic)
        wanted = _State.HIDDEN if hidden else _State.NEW
        if now.state == wanted:
            return
        now.state = wanted
        now.save(update_fields=["state"])
        record("topic.hidden" if hidden else "topic.restored", now, actor=user)
        publish("topics", {"topic": now.pk})


def topic_promote(user: Any, topic: Topic, name: str, seeds: Sequence[str]) -> None:
    """Put it into the draft of the taxonomy, as an aspect with its seeds and examples; who listens hears `topic_promoted`.

    Raises:
        TopicRefused: without a name or seeds, or promoted already.
    """
    name, words = " ".join(name.split())[:80], list(dict.fromkeys(" ".join(one.split())[:40] for one in seeds if one.strip()))[:20]
    if not name or not words:
        raise TopicRefused
    rows = list(Member.objects.filter(topic=topic).order_by("-cosine", "pk")[:20])
    texts = texts_of(facts_store(), sorted({one.feedback_id for one in rows}))
    voices = {one.feedback_id: texts.get(one.feedback_id, "")[one.start : one.end] for one in rows}
    examples = [(number, words) for number, words in voices.items() if words][:5]
    with state_write():
        now = _open(topic)
        if now.state == _State.PROMOTED:
            raise TopicRefused
        before = now.name
        now.state, now.seeds, now.human_name, now.named_by, now.name = _State.PROMOTED, words, True, user, name
        now.save(update_fields=["state", "seeds", "human_name", "named_by", "name"])
        topic_take(user, name, words, examples)
        record("topic.promoted", now, actor=user, before={"name": before}, after={"name": name, "seeds": words})
        publish(
            "topic_promoted",
            {"topic": now.pk, "name": name, "seeds": words, "examples": [one for _, one in examples], "by": getattr(user, "pk", None)},
        )
        publish("topics", {"topic": now.pk})


def _open(topic: Topic) -> Topic:
    now = Topic.objects.select_for_update().get(pk=topic.pk)
    if now.state == _State.MERGED:
        raise TopicRefused
    return now

"""What becomes an event: audit rows of certain kinds, and voices that were read.

The audit row of a change is written in its transaction, so an event is lost with the change or not at all, and the order is the order in
which changes happened. Nothing of what a customer said goes out: ids do, and who may read them asks for the text with her own key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.models import Inbox, feedback_id
from huiyin.server.collect.sources.models import Source
from huiyin.server.foundation.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Kind:
    """A beginning of event types: in words, and what such an event sends."""

    key: str
    name: Any
    sends: Any


GROUPS: tuple[tuple[Any, tuple[Kind, ...]], ...] = (
    (
        _("客户说的"),
        (
            Kind("voices.read", _("读完了新的反馈"), _("编号、条数、来源；不带原话")),
            Kind("voice.corrected", _("改正了标注"), _("哪一条，改前改后")),
            Kind("voices.tagged", _("打了标记"), _("标记名，多少条")),
            Kind("customer.erased", _("删除了一位客户的全部反馈"), _("化名，删了多少；好让别处也删")),
        ),
    ),
    (
        _("问题与责任"),
        (
            Kind("problem.", _("问题有变"), _("改名、合并、拆分、置顶、搁置、评论、任务：哪个问题，改前改后")),
            Kind("ownership.", _("归属有变"), _("认领、拒绝、仲裁：哪个问题，哪个团队")),
        ),
    ),
    (
        _("怎么设置的"),
        (
            Kind("taxonomy.published", _("标签体系发布了新版"), _("版本号、说明")),
            Kind("source.", _("来源有变"), _("建、改、开始取：哪个来源；不带密钥")),
            Kind("board.", _("看板有变"), _("建、改、删、导出：哪个看板")),
        ),
    ),
)
"""What an endpoint may ask for, as a person chooses it."""
KINDS: dict[str, Any] = {one.key: one.name for _heading, kinds in GROUPS for one in kinds}
"""Beginnings of event types that an endpoint may ask for."""
_MOST_IDS = 1000


def wanted(kinds: Sequence[str], kind: str) -> bool:
    """Whether an endpoint hears of an event; one that names nothing hears everything.

    >>> wanted(["problem."], "problem.merged"), wanted(["problem."], "voices.read"), wanted([], "voices.read")
    (True, False, True)
    """
    return not kinds or any(kind.startswith(one) for one in kinds)


def of_audit(after: int, most: int = 500) -> Iterator[tuple[int, str, str, str]]:
    """(audit id, event id, type, body) of what happened after a row, oldest first; rows that are no event come with an empty type."""
    for row in AuditEntry.objects.filter(id__gt=after).order_by("id")[:most]:
        if not any(row.verb.startswith(one) for one in KINDS):
            yield row.pk, "", "", ""
            continue
        data = {
            "object": {"type": row.object_type, "id": row.object_id, "name": row.object_name},
            "by": row.actor_name,
            "before": row.before,
            "after": row.after,
        }
        yield row.pk, event_id(f"audit:{row.seal}"), row.verb, body_of(row.verb, row.at, data)


def of_readings(after: datetime, until: datetime) -> Iterator[tuple[str, str, str]]:
    """(event id, type, body) of voices whose reading was finished after a time, a thousand ids at most in each."""
    # Sources are named, for the index that finds what was read lately begins with them.
    sources = dict(Source.objects.values_list("pk", "key"))
    rows = Inbox.objects.filter(source_id__in=list(sources), done_at__gt=after, done_at__lte=until).order_by("done_at", "id")
    found = [(number, done, sources[source]) for number, done, source in rows.values_list("id", "done_at", "source_id")]
    for first in range(0, len(found), _MOST_IDS):
        part = found[first : first + _MOST_IDS]
        ids = [feedback_id(number) for number, _done, _source in part]
        data = {"count": len(ids), "feedback_ids": ids, "sources": sorted({source for *_rest, source in part})}
        name = event_id(f"read:{part[0][0]}:{part[-1][0]}:{part[-1][1].isoformat()}")
        yield name, "voices.read", body_of("voices.read", part[-1][1], data)


def body_of(kind: str, at: datetime, data: dict[str, Any]) -> str:
    """The body that is signed: type, time, data."""
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False, separators=(",", ":"), default=str)


def event_id(source: str) -> str:
    """An id that the same event always gets: a crash between two rows makes no second event."""
    return f"msg_{uuid5(NAMESPACE_URL, f'huiyin:{source}').hex}"

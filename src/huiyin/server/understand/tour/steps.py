"""The steps: what each is about, where it is done, and the audit rows that say it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.understand.stream.models import StreamRead


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. `verbs` are those of audit rows; a person to whom `right` is not given does not see it."""

    name: Any
    about: Any
    url_name: str
    icon: str
    right: str
    verbs: tuple[str, ...]


STEPS = (
    Step(_("听一听今天的声音"), _("新到的原声，按你管的产品、门店或步骤；侧栏写着还没看的条数。"), "stream:stream", "broadcast", "voices.read", ()),
    Step(
        _("改正一个标注"),
        _("点一处标了颜色的话，按 2 和方向键，回车。改正会保留，重读也不丢。"),
        "voices:voices",
        "quote",
        "voices.correct",
        ("voice.corrected",),
    ),
    Step(
        _("传一个自己的文件"),
        _("评价、工单、问卷都行：自动认列，看着它存下、读完；读不懂的行列出文件和行号。"),
        "sources:upload",
        "upload",
        "sources.manage",
        ("source.run_started",),
    ),
    Step(
        _("把标签体系改成自己的"),
        _("开一份草稿，加一个主题，先看它会怎样改变历史，再发布。"),
        "taxonomy:tree",
        "hierarchy",
        "taxonomy.write",
        ("taxonomy.draft_begun", "taxonomy.published"),
    ),
    Step(
        _("看看抱怨之后谁走了"),
        _("订单和流失与声音对上多少，抱怨过哪个主题的客户走得更多。"),
        "operations:operations",
        "receipt",
        "operations.read",
        (),
    ),
    Step(
        _("忘记一位客户"),
        _("在客户页上删除：每一处都删，再查一遍，给一张凭证。"),
        "customers:customers",
        "users",
        "voices.erase",
        ("customer.erasure_asked",),
    ),
)


def steps_of(user: Any) -> list[tuple[Step, bool | None]]:
    """The steps of a person, each with whether she has done it; None where looking is all there is to it."""
    asked = [step for step in STEPS if user.has_perm(step.right)]
    wanted = [verb for step in asked for verb in step.verbs]
    done = set(AuditEntry.objects.filter(Q(actor=user), verb__in=wanted).values_list("verb", flat=True).distinct())
    heard = StreamRead.objects.filter(user=user).exists()
    return [(step, bool(done & set(step.verbs)) if step.verbs else heard if step.url_name == "stream:stream" else None) for step in asked]

"""The one table of rights: what may be done, and by which roles. A new screen adds its line here and asks with `@needs("…")`."""

from __future__ import annotations

from typing import Any

import rules
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.people.roles import (
    ADMINISTRATOR,
    ANALYST,
    CX_LEAD,
    EVERYONE,
    EXECUTIVE,
    MARKETING,
    PRODUCT,
    SERVICE_AGENT,
    STORE_MANAGER,
)

RIGHTS: dict[str, frozenset[str]] = {
    # Reading is everyone's, with personal data masked. Unmasking is for those who call customers back, and each time is recorded.
    # An administrator manages people, not customers: to unmask, she gives herself a role that may, and that is recorded too.
    "voices.read": frozenset({EVERYONE}),
    "voices.unmask": frozenset({CX_LEAD, SERVICE_AGENT, STORE_MANAGER}),
    "voices.correct": frozenset({CX_LEAD, ANALYST, PRODUCT, MARKETING, SERVICE_AGENT}),
    "voices.send": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST, SERVICE_AGENT, STORE_MANAGER}),
    "stream.manage": frozenset({ADMINISTRATOR, CX_LEAD}),
    "voices.export": frozenset({CX_LEAD, ANALYST, PRODUCT, MARKETING, EXECUTIVE}),
    "voices.erase": frozenset({ADMINISTRATOR, CX_LEAD}),
    # Finding tells only whether there are voices; who the customer is takes unmasking.
    "customers.find": frozenset({ADMINISTRATOR, CX_LEAD, SERVICE_AGENT, STORE_MANAGER}),
    "customers.copy": frozenset({CX_LEAD}),
    # What happened with customers: orders, tickets, churn. Rates and sums for those who plan; feeds for those who set up sources.
    "operations.read": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST, PRODUCT, SERVICE_AGENT, STORE_MANAGER, EXECUTIVE}),
    "operations.manage": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST}),
    # The list is for everybody; whoever may change what a problem is, what it is called, or what waits, changes it for all.
    "problems.read": frozenset({EVERYONE}),
    # Saying something of a problem and following it is everybody's too; the right is what a key carries, so that one that only reads does neither.
    "problems.talk": frozenset({EVERYONE}),
    # Boards are everyone's own; `boards.write` is what a key carries so that one that only reads
    # makes none. What all of the company stands behind is for the lead of customer experience to say.
    "boards.write": frozenset({EVERYONE}),
    "mission.pin": frozenset({CX_LEAD}),
    "problems.write": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST, PRODUCT}),
    "taxonomy.read": frozenset({EVERYONE}),
    "models.manage": frozenset({CX_LEAD, ANALYST}),
    "taxonomy.write": frozenset({CX_LEAD, ANALYST}),
    # Who answers for what is everyone's to know. Answering is for members of the team or of one above it, which the service asks.
    # `ownership.write` is what a key carries for either; whose word it is decides by the other two.
    "ownership.read": frozenset({EVERYONE}),
    "ownership.manage": frozenset({ADMINISTRATOR, CX_LEAD}),
    "ownership.answer": frozenset({CX_LEAD, ANALYST, PRODUCT, MARKETING, SERVICE_AGENT, STORE_MANAGER}),
    "ownership.write": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST, PRODUCT, MARKETING, SERVICE_AGENT, STORE_MANAGER}),
    "sources.read": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST}),
    "sources.manage": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST}),
    "jobs.read": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST}),
    "jobs.manage": frozenset({ADMINISTRATOR}),
    "people.read": frozenset({ADMINISTRATOR, CX_LEAD}),
    "people.manage": frozenset({ADMINISTRATOR}),
    # Shutting out takes away and never gives: the one part of `people.manage` that a key may carry.
    "people.shut_out": frozenset({ADMINISTRATOR}),
    "audit.read": frozenset({ADMINISTRATOR}),
    "audit.export": frozenset({ADMINISTRATOR}),
    "webhooks.manage": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST}),
    "keys.own": frozenset({ADMINISTRATOR, CX_LEAD, ANALYST, PRODUCT}),
}

KEY_SCOPES: dict[str, Any] = {
    "voices.read": _("读原声（遮盖）"),
    "voices.send": _("送入反馈"),
    "operations.manage": _("送入经营数据"),
    "voices.export": _("导出"),
    "voices.correct": _("改正标注"),
    "voices.unmask": _("看未遮盖的原声"),
    "voices.erase": _("删除客户、定保留期限"),
    "models.manage": _("训练与换用模型"),
    "problems.read": _("读问题清单"),
    "problems.talk": _("评论与关注问题"),
    "problems.write": _("改问题"),
    "boards.write": _("改看板"),
    "mission.pin": _("定公司使命"),
    "taxonomy.read": _("读标签体系"),
    "taxonomy.write": _("改标签体系"),
    "ownership.read": _("读责任地图"),
    "ownership.write": _("改责任地图、答复问题"),
    "sources.read": _("看来源"),
    "sources.manage": _("管来源"),
    "jobs.read": _("看任务进度"),
    "people.read": _("看人员"),
    "people.shut_out": _("停用人员"),
    "audit.read": _("看操作记录"),
    "audit.export": _("导出操作记录"),
    "webhooks.manage": _("管网络钩子"),
}
"""Rights that a key may carry. A key never does more than its owner may at the moment, and never gives rights: `people.manage` takes a session."""


def may(roles: frozenset[str], right: str) -> bool:
    """Whether one of the roles gives the right.

    >>> may(frozenset({"everyone", "store_manager"}), "voices.read"), may(frozenset({"everyone"}), "voices.unmask")
    (True, False)
    """
    return not roles.isdisjoint(RIGHTS[right])


def register() -> None:
    """Makes every right known to `rules`, which `User.has_perm` asks."""
    for right in RIGHTS:
        if not rules.perm_exists(right):
            rules.add_perm(right, rules.predicate(_holder_of(right), name=right))


def _holder_of(right: str) -> Any:
    def holds(user: Any) -> bool:
        return may(user.role_names, right)

    return holds

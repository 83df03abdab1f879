"""Who answers for what in the demo company: a map with gaps, problems taken on, one that two teams handed on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from huiyin.server.foundation.people.models import Team, User

_MAP = {
    "ordering": "电商产品小组",
    "price/drop": "电商产品小组",
    "delivery": "交付履约",
    "accessories": "交付履约",
    "hardware": "硬件质量",
    "battery": "硬件质量",
    "safety": "硬件质量",
    "service": "客户服务",
    "manual/install_service": "客户服务",
}
"""Software, most of the prices and the manuals belong to nobody."""
_EXCEPTION = ("software", "栖川平板 T11", "硬件质量")
_WATCHED = ("software/update", "software/ads")


def ownership(teams: Mapping[str, Team], people: Mapping[str, User]) -> None:
    """Fill the map and let some weeks of claims pass."""
    from huiyin.server.prioritise.ownership.models import Responsibility
    from huiyin.server.prioritise.ownership.selectors import OwnershipMap
    from huiyin.server.prioritise.ownership.services.mapping import Wanted, responsibility_set
    from huiyin.server.prioritise.problems.models import ProblemView
    from huiyin.server.prioritise.problems.register import problems_by_path

    nodes, lead = OwnershipMap().ids, people["lead"]
    for path, team in _MAP.items():
        person = people["product"] if path == "ordering" else people["agent"] if path == "service" else None
        deputy = teams["客户服务"] if path == "delivery" else None
        responsibility_set(lead, Wanted(nodes[path], teams[team], deputy=deputy, person=person))
    path, product, team = _EXCEPTION
    responsibility_set(lead, Wanted(nodes[path], teams[team], product=product))
    Responsibility.objects.update(since=timezone.now() - timedelta(days=40))
    problems = problems_by_path()
    _claims(problems, teams, people)
    _fixes(problems, lead)
    today = timezone.localdate()
    for path in _WATCHED:
        for at, user in enumerate(list(people.values())[:5]):
            ProblemView.objects.create(user=user, problem_id=problems[path], day=today - timedelta(days=20 - 3 * at))


def _claims(problems: Mapping[str, str], teams: Mapping[str, Team], people: Mapping[str, User]) -> None:
    """Two taken on, one of them late by now; one handed on twice and with the arbiter; one handed on once."""
    from huiyin.server.prioritise.ownership.services.claims import claim_accept, claim_reject

    due = timezone.localdate() + timedelta(days=14)
    claim_accept(people["product"], problems["ordering/address"], "地址步骤的抱怨占下单抱怨的三成以下，保持四周", due)
    _aged(problems["ordering/address"], 30)
    claim_accept(people["product"], problems["ordering/payment"], "支付失败的抱怨减半", due)
    _aged(problems["ordering/payment"], 33, due=timezone.localdate() - timedelta(days=5))
    claim_reject(people["store"], problems["delivery/delay"], "cause_elsewhere", "页面承诺的时间我们改不了，商城标的是次日达", teams["电商产品小组"])
    _aged(problems["delivery/delay"], 31)
    claim_reject(people["product"], problems["delivery/delay"], "not_ours", "时间是按履约给的时效表显示的", teams["客户服务"])
    _aged(problems["delivery/delay"], 24)
    claim_reject(people["agent"], problems["service/refund"], "no_means", "退款卡在商城的审核里，客服点不了", teams["电商产品小组"])
    _aged(problems["service/refund"], 12)


def _aged(problem: str, days: int, **more: object) -> None:
    """Let what just happened have happened some days ago: a demo's past is made up."""
    from huiyin.server.prioritise.ownership.models import Claim

    then = timezone.now() - timedelta(days=days)
    for row in Claim.objects.filter(problem_id=problem, at__gt=timezone.now() - timedelta(minutes=10)):
        since = min(row.since, then) if row.since else None
        Claim.objects.filter(pk=row.pk).update(at=then, since=since, **more)


def _fixes(problems: Mapping[str, str], lead: User) -> None:
    """What the simulated company did, on the days on which it did it: one fix that helps, one that only moves the complaints, one too new."""
    from huiyin.server.prioritise.fixes.services import fix_make
    from huiyin.simulate.world import START

    fix_make(lead, problems["delivery/delay"], "延期当天主动通知，附新的送达日", START + timedelta(weeks=29))
    fix_make(lead, problems["service/hotline_queue"], "热线排队先转机器人", START + timedelta(weeks=25))
    fix_make(lead, problems["ordering/address"], "地址簿合并，村镇免填门牌", timezone.localdate() - timedelta(days=9))

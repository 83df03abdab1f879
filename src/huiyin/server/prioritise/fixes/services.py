"""Writes of fixes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.fixes.selectors import judged
from huiyin.server.prioritise.problems.register import name_of, register

REACH = ("product", "brand", "region", "store", "channel", "segment")
"""Parts of a filter that say whom a fix reaches."""


class FixRefused(ValueError):
    """A fix that cannot be put on record; `str` of it is for the person."""


def fix_make(user: Any, problem_id: str, name: str, day: date, query: str = "", note: str = "") -> Fix:
    """Put on record what was done. It may be registered before its day; nothing is judged until enough weeks have passed.

    Raises:
        FixRefused: no name, a reach that is none, or a day in the far future.
        KeyError: no such problem.
    """
    one = register().living(problem_id)
    if not name.strip():
        raise FixRefused(_("写上改了什么。"))
    if (day - timezone.localdate()).days > 366 or day.year < 2000:
        raise FixRefused(_("日期不对：%(day)s") % {"day": day.isoformat()})
    try:
        reach = Filter.from_query(query.strip().rpartition("?")[2])
    except ValueError as error:
        raise FixRefused(_("范围读不懂：%(part)s") % {"part": str(error).split(":")[0]}) from None
    if Filter(**{part: getattr(reach, part) for part in REACH}) != reach:
        raise FixRefused(_("范围只能是产品、品牌、地区、门店、渠道、人群。"))
    with state_write():
        fix = Fix.objects.create(problem_id=one.problem_id, name=name.strip()[:120], day=day, query=reach.to_query(), note=note.strip(), author=user)
        record("fix.made", fix, actor=user, after={"problem": name_of(one), "day": day.isoformat(), "scope": fix.query})
        publish("fixes", {"problem": one.problem_id})
    return fix


def fix_remove(user: Any, fix: Fix) -> None:
    """Take a fix off the record; the audit keeps that it stood there."""
    with state_write():
        record("fix.removed", fix, actor=user, before={"day": fix.day.isoformat()})
        publish("fixes", {"problem": fix.problem_id})
        fix.delete()


def verdicts_tell() -> int:
    """Record every verdict that is another than people were told last; gives how many.

    While nothing can be told the last verdict stands, so that one that comes and goes is told once. A fix that was over before anybody was told
    of it is old news: its verdict is kept without a word.
    """
    today, count = timezone.localdate(), 0
    for one in judged(Filter()):
        if one.standing not in ("cannot_tell", one.fix.told):
            count += _verdict_tell(one.fix.pk, one.standing, quietly=not one.fix.told and one.fix.until < today)
    return count


def _verdict_tell(number: int, verdict: str, *, quietly: bool) -> int:
    with state_write():
        fix = Fix.objects.select_for_update().filter(pk=number).first()
        if fix is None or fix.told == verdict:
            return 0
        before, fix.told = fix.told, verdict
        fix.save(update_fields=["told"])
        if quietly:
            return 0
        record("fix.judged", fix, before={"verdict": before}, after={"verdict": verdict})
        publish("fixes", {"problem": fix.problem_id})
    return 1

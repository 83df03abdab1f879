"""Units that game their score, each trick with known unit and size, on top of honest answering: the yardstick of integrity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from huiyin.simulate.planted.draft import Bools, Draft, Ints
from huiyin.simulate.planted.tables import feedback_table, mention_table

_ZONE = ZoneInfo("Asia/Shanghai")
_WHO = ("店员", "师傅", "前台", "客服", "收银的姑娘", "值班经理", "安装的小哥", "导购")
_DID = ("讲得很细", "态度热情", "动作麻利", "爱答不理", "有点心不在焉", "帮忙搬到车上", "解释了半天", "回答得很含糊", "让人安心", "说话客气")
_THING = (
    "东西比想的好",
    "包装有点旧",
    "颜色跟图上不一样",
    "价格还算公道",
    "尺寸刚刚好",
    "味道一般",
    "用了两周没毛病",
    "声音稍微大了点",
    "做工细",
    "送得挺快",
)
_END = (
    "下回还会来",
    "以后再看看吧",
    "推荐给同事了",
    "等了有一会儿",
    "停车不太方便",
    "家里老人喜欢",
    "孩子玩得开心",
    "希望多搞点活动",
    "总体满意",
    "没什么好说的",
)
GIFTS = ("店员说给五星就送小礼品", "好评返现十元", "让我给好评，送了个红包", "晒图好评领优惠券")
TEMPLATE = "这家店的服务非常好，员工热情周到，环境干净整洁，下次一定再来"


@dataclass(frozen=True, slots=True)
class Gamed:
    """What one unit did: `voices` rows were touched, `rows` says which."""

    trick: str
    store: str
    voices: int
    rows: tuple[int, ...]


@dataclass(slots=True)
class Overlay:
    """What a draft cannot hold: times of day of single voices, and copies of them."""

    moments: dict[int, datetime] = field(default_factory=dict)
    copies: list[int] = field(default_factory=list)
    """Rows of which a copy came in as well."""


def honest_answers(draft: Draft) -> None:
    """Texts of many makes, time to answer, a battery of answers, a device for each customer: with the sloppiness that honest people have.

    One voice in a hundred is answered in a hurry, two in a hundred give the same answer to all, a few families share a device.
    """
    n, rng = len(draft), draft.rng
    parts = [np.asarray(pool, dtype=object)[rng.integers(0, len(pool), n)] for pool in (_WHO, _DID, _THING, _END)]
    draft.text = [f"{who}{did}，{thing}，{end}" for who, did, thing, end in zip(*parts, strict=True)]
    seconds = np.where(rng.random(n) < 0.01, rng.uniform(5, 20, n), rng.lognormal(np.log(90), 0.4, n))
    answers = np.clip(np.rint(draft.score[:, None] / 2 + rng.normal(0, 0.8, (n, 5))), 1, 5).astype(int)
    answers[rng.random(n) < 0.02] = 4
    shared = np.where(
        rng.random(draft.plan.customers) < 0.03, rng.integers(0, draft.plan.customers, draft.plan.customers), np.arange(draft.plan.customers)
    )
    draft.attributes["seconds"] = [str(int(one)) for one in seconds]
    draft.attributes["answers"] = [",".join(map(str, row)) for row in answers.tolist()]
    draft.attributes["device"] = [f"d{one}" for one in shared[draft.customer].tolist()]


def rows_of(draft: Draft, store: str, share: float = 1.0, among: Bools | None = None) -> Ints:
    """A random share of the voices of a store."""
    hit = draft.store == draft.plan.stores.index(store)
    if among is not None:
        hit &= among
    return np.flatnonzero(hit & (draft.rng.random(len(draft)) < share))


def deadline(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """`size` points more in the last five days of each month."""
    last = np.array([(draft.date_of(int(day)) + timedelta(days=5)).month != draft.date_of(int(day)).month for day in range(draft.plan.days)])
    rows = rows_of(draft, store, 1.0, last[draft.day])
    draft.score[rows] = np.clip(np.rint(draft.score[rows] + size), 0, 10)
    return _gamed("deadline_score", store, rows)


def invites(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` of the uninvited of the last five days of each month is invited as well."""
    last = np.array([(draft.date_of(int(day)) + timedelta(days=5)).month != draft.date_of(int(day)).month for day in range(draft.plan.days)])
    rows = rows_of(draft, store, size, last[draft.day] & ~draft.invited)
    draft.invited[rows] = True
    return _gamed("deadline_invites", store, rows)


def cherry_picking(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` of those with a complaint is taken off the list of the invited."""
    rows = rows_of(draft, store, size, draft.complains.any(axis=1) & draft.invited)
    draft.invited[rows] = False
    return _gamed("cherry_picking", store, rows)


def gifts(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` is offered something, says so, and scores full."""
    return _write(draft, "gift", store, size, lambda at: f"{_texts(draft)[at]}，{GIFTS[at % len(GIFTS)]}")


def templates(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` of the texts is one text with other punctuation."""
    return _write(draft, "template", store, size, lambda at: TEMPLATE.replace("，", "！" if at % 2 else "，") + "。" * (at % 3))


def near_templates(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` of the texts is one text with one clause changed."""
    return _write(draft, "near_template", store, size, lambda at: TEMPLATE.replace("下次一定再来", f"{_WHO[at % 8]}{_DID[at % 7]}"))


def fast(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` is filled in by somebody in a few seconds."""
    rows = rows_of(draft, store, size)
    for at in rows.tolist():
        _set(draft, "seconds", at, str(int(draft.rng.integers(4, 15))))
    draft.score[rows] = 10
    return _gamed("fast", store, rows)


def straight(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` gives the best answer to everything."""
    rows = rows_of(draft, store, size)
    for at in rows.tolist():
        _set(draft, "answers", at, "5,5,5,5,5")
    draft.score[rows] = 10
    return _gamed("straight", store, rows)


def device(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` comes from the shop's own phone."""
    rows = rows_of(draft, store, size)
    for at in rows.tolist():
        _set(draft, "device", at, f"shop-{store}")
    draft.score[rows] = 10
    return _gamed("device", store, rows)


def minutes(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` is typed in one sitting a month, one every twenty seconds."""
    rows = rows_of(draft, store, size)
    sitting: dict[int, int] = {}
    for at in rows.tolist():
        month = int(draft.day[at]) // 30
        place = sitting[month] = sitting.get(month, -1) + 1
        start = datetime.combine(draft.date_of(month * 30), datetime.min.time(), _ZONE) + timedelta(hours=21)
        overlay.moments[at] = start + timedelta(seconds=20 * place)
    draft.score[rows] = 10
    return _gamed("minutes", store, rows)


def repeat(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` comes from one customer a month, all on one day."""
    rows = rows_of(draft, store, size)
    for at in rows.tolist():
        month = int(draft.day[at]) // 30
        draft.customer[at] = month
        overlay.moments[at] = datetime.combine(draft.date_of(month * 30), datetime.min.time(), _ZONE) + timedelta(hours=9, minutes=int(at) % 700)
    draft.score[rows] = 10
    return _gamed("repeat", store, rows)


def clash(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` of those who complain is entered with full marks."""
    rows = rows_of(draft, store, size, np.asarray(draft.complains.any(axis=1)))
    draft.score[rows] = 10
    return _gamed("clash", store, rows)


def copies(draft: Draft, store: str, size: float, overlay: Overlay) -> Gamed:
    """A fraction `size` comes twice."""
    rows = rows_of(draft, store, size)
    overlay.copies += rows.tolist()
    return _gamed("copy", store, rows)


TRICKS: dict[str, Callable[[Draft, str, float, Overlay], Gamed]] = {
    "deadline_score": deadline,
    "deadline_invites": invites,
    "cherry_picking": cherry_picking,
    "gift": gifts,
    "template": templates,
    "near_template": near_templates,
    "copy": copies,
    "fast": fast,
    "straight": straight,
    "device": device,
    "minutes": minutes,
    "repeat": repeat,
    "clash": clash,
}
"""Planter of each trick, by the name under which integrity finds it: (draft, store, size, overlay)."""


def tables(draft: Draft, overlay: Overlay) -> tuple[pa.Table, pa.Table]:
    """The facts tables with the overlay laid on: (feedback, mention). Feedback ids are `v` and the row number."""
    feedback = feedback_table(draft)
    if overlay.moments:
        moments = feedback["occurred_at"].to_pylist()
        for at, moment in overlay.moments.items():
            moments[at] = moment
        place = feedback.column_names.index("occurred_at")
        feedback = feedback.set_column(place, "occurred_at", pa.array(moments, feedback.schema.field("occurred_at").type))
    mentions = mention_table(draft, feedback)
    if overlay.copies:
        again = feedback.take(pa.array(overlay.copies))
        ids = again["feedback_id"].to_pylist()
        again = again.set_column(again.column_names.index("feedback_id"), "feedback_id", pa.array([f"{one}-copy" for one in ids]))
        again = again.set_column(again.column_names.index("duplicate_of"), "duplicate_of", pa.array(ids))
        feedback = pa.concat_tables([feedback, again])
    return feedback, mentions


def _texts(draft: Draft) -> list[str]:
    if draft.text is None:
        raise ValueError("plant honest_answers first: this draft has no texts")
    return draft.text


def _write(draft: Draft, trick: str, store: str, size: float, words: Callable[[int], str]) -> Gamed:
    """Change the texts of a fraction of a store's voices, and give them full marks."""
    rows = rows_of(draft, store, size)
    texts = _texts(draft)
    for at in rows.tolist():
        texts[at] = words(at)
    draft.score[rows] = 10
    return _gamed(trick, store, rows)


def _set(draft: Draft, name: str, row: int, value: str) -> None:
    column = draft.attributes[name]
    if not isinstance(column, list):
        column = draft.attributes[name] = list(column)
    column[row] = value


def _gamed(trick: str, store: str, rows: Ints) -> Gamed:
    return Gamed(trick, store, len(rows), tuple(rows.tolist()))

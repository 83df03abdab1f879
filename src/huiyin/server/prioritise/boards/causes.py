"""The head cause: what explains most of the loss of the score, or of customers, with ties told as ties; or the company's mission."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight import drivers
from huiyin.insight.drivers import Driver, Drivers
from huiyin.insight.findings import Estimate, Quote
from huiyin.server.prioritise.boards.models import Mission
from huiyin.server.prioritise.boards.shown import mark_of
from huiyin.server.prioritise.metrics.figures import Figure, Mark, figure
from huiyin.server.prioritise.metrics.telling import change_text, link_of
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.page import wall_of
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, problems_by_path, register
from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

_NAMED = 3
_GONE = (
    "SELECT spoke.customer_id AS customer_id, max(CASE WHEN gone.customer_id IS NULL THEN 0 ELSE 1 END) AS churned "
    "FROM (SELECT DISTINCT customer_id FROM voice WHERE customer_id IS NOT NULL) spoke "
    "LEFT JOIN (SELECT DISTINCT customer_id FROM happening WHERE kind = 'churn') gone ON spoke.customer_id = gone.customer_id GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the split bar, in percent of the whole difference of scores."""

    name: str
    percent: int
    x: float
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class HeadCause:
    """What the banner says."""

    name: str
    problem_id: str
    url: str
    mark: Mark
    listen: str
    metric: str
    share: Estimate | None
    """Of what complaints explain of the differences of scores, in percent."""
    of_churn: Estimate | None
    explained: Estimate | None
    parts: tuple[Part, ...]
    tied: tuple[str, ...]
    change: str
    figure: Figure
    quote: Quote | None
    is_mission: bool
    rank: int | None
    certainty: float | None
    """Its place on the list of the period, and the share of redraws in which it stood there."""
    why: str = ""
    """Why no driver is named, where none is."""


def head_cause(within: Filter) -> HeadCause | None:
    """The cause of the period, or the mission where one is pinned; None while nobody complains."""
    known = register()
    score = reckoned(("drivers", "nps", within.to_query()), lambda: drivers.score_drivers(facts_store(), "nps", within)).value
    kind = "NPS"
    if score.reason:
        other = reckoned(("drivers", "mean", within.to_query()), lambda: drivers.score_drivers(facts_store(), "mean", within)).value
        score, kind = (other, _("评分")) if not other.reason else (score, kind)
    churn = reckoned(("drivers", "churn", within.to_query()), lambda: _churn(within)).value
    mission = mission_of()
    aspect = (score.head or (churn.head if churn else ()) or ("",))[0]
    problem = mission or problems_by_path(known).get(aspect) or _first(within)
    if problem is None or problem not in known.problems:
        return None
    one = known.problems[problem]
    asked = within & heard(one)
    found = figure("complaint_rate", asked, compare=True)
    mark = mark_of("customers", asked)
    _wall, quotes = wall_of(one, within)
    driver = _driver(score, one.aspects)
    left = _proven(churn, one.aspects)
    tied = tuple(names.aspect_name(path) for path in driver.tied_with if path in score.head) if driver and driver.aspect in score.head else ()
    parts = _parts(score, driver) if score.head else ()
    explained = None if score.reason else score.explained
    change = change_text(found) if found.verdict != "unknown" else ""
    quote = quotes[0].quote if quotes else None
    why = "" if score.head else _("没有一个原因大到能从偶然里分出来")
    shares = _percent(driver), _percent(left), explained
    address, listen, pinned = reverse("problems:problem", args=[problem]), link_of(mark), mission is not None
    row = listing(within).value.find(problem)
    rank, certainty = (row.rank if row else None), (100 * row.rank_certainty if row else None)
    return HeadCause(name_of(one), problem, address, mark, listen, kind, *shares, parts, tied, change, found, quote, pinned, rank, certainty, why)


def mission_of() -> str | None:
    """The problem that was made the company's mission, under its present id."""
    row = Mission.objects.filter(ended_at=None).order_by("-id").first()
    if row is None:
        return None
    try:
        return register().resolve(row.problem_id)
    except KeyError:
        return None


def _first(within: Filter) -> str | None:
    rows = listing(within).value.rows
    return rows[0].problem_id if rows else None


def _churn(within: Filter) -> Drivers | None:
    store = facts_store()
    if not store.query("SELECT count(*) AS n FROM happening WHERE kind = 'churn'")["n"][0].as_py():
        return None
    found = drivers.churn_drivers(store, store.query(_GONE), within)
    return None if found.reason else found


def _driver(found: Drivers | None, aspects: tuple[str, ...]) -> Driver | None:
    return next((one for one in found.drivers if one.aspect in aspects), None) if found else None


def _proven(found: Drivers | None, aspects: tuple[str, ...]) -> Driver | None:
    """Only a cause that the test put at the head, alone or tied, is said to drive people away."""
    one = _driver(found, aspects)
    return one if found and one and one.aspect in found.head else None


def _percent(one: Driver | None) -> Estimate | None:
    if one is None or one.importance.value is None:
        return None
    low, high = one.importance.low or 0.0, one.importance.high or 0.0
    return Estimate(100 * one.importance.value, 100 * low, 100 * high, one.importance.n)


def _parts(found: Drivers, head: Driver | None) -> tuple[Part, ...]:
    """The bar: the head, the next causes, all others, and what no complaint explains. In percent, to a whole of 100."""
    explained = found.explained.value
    if found.reason or explained is None:
        return ()
    named = sorted((one for one in found.drivers if one.aspect), key=lambda one: (one is not head, -(one.importance.value or 0.0)))
    shares = [(names.aspect_name(one.aspect).split(" / ")[-1], explained * (one.importance.value or 0.0)) for one in named[:_NAMED]]
    rest = explained - sum(share for _name, share in shares)
    pieces = [*shares, (_("其他抱怨"), rest), (_("未解释"), 1.0 - explained)]
    tones = ["head", "second", "third"][: len(shares)] + ["other", "open"]
    parts, x = [], 0.0
    for (name, share), tone in zip(pieces, tones, strict=True):
        width = round(100 * max(share, 0.0), 2)
        parts.append(Part(name, round(width), round(x, 2), width, tone))
        x += width
    return tuple(parts)

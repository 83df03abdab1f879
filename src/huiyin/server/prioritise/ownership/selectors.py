"""Whose each problem is: by its claims, else by the map, else by the team written on the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from huiyin.insight.problems import Definition, Register
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Arbitration, Claim, Responsibility
from huiyin.server.prioritise.ownership.resolution import Resolution
from huiyin.server.prioritise.problems.models import ProblemChange
from huiyin.server.prioritise.problems.register import register
from huiyin.server.understand.taxonomy.selectors import tree_in_force
from huiyin.server.understand.taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose a problem is. `state` is one of `chain`'s; `source` says what told it: claim, map, taxonomy or "" for nothing."""

    problem_id: str
    state: str
    team: Team | None = None
    person: User | None = None
    deputy: Team | None = None
    since: datetime | None = None
    accepted_at: datetime | None = None
    target: str = ""
    due: date | None = None
    steps: tuple[Claim, ...] = ()
    hand_offs: int = 0
    days_lost: int = 0
    decided: bool = False
    source: str = ""
    arbiter: User | None = None

    @property
    def owned(self) -> bool:
        """Whether exactly one team is accountable and nobody disputes it."""
        return self.team is not None and self.state in (chain.PROPOSED, chain.ACCEPTED, chain.DECIDED)

    @property
    def accepted(self) -> bool:
        """Whether the team took it on."""
        return self.state == chain.ACCEPTED

    @property
    def waits_for_team(self) -> bool:
        """Whether the team still owes an answer."""
        return self.team is not None and self.state in (chain.PROPOSED, chain.DISPUTED, chain.DECIDED)


@dataclass
class OwnershipMap:
    """The map over one tree, read once for as many questions as there are."""

    tree: Tree = field(default_factory=tree_in_force)
    lines: Sequence[Responsibility] = field(default_factory=lambda: list(Responsibility.objects.select_related("team", "deputy", "person")))

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Path → node id."""
        return {path: node for node, path in self.tree.paths().items()}

    @cached_property
    def placed(self) -> Sequence[tuple[str, Responsibility]]:
        """Lines with the living node each stands at; a deleted node's go where its mentions went."""
        found: dict[tuple[str, str, str], tuple[str, Responsibility]] = {}
        for line in self.lines:
            if node := self._living(line):
                # A line of its own beats one that came from a deleted node.
                key = (node, line.product, line.region)
                if key not in found or node == line.node:
                    found[key] = (node, line)
        return list(found.values())

    @cached_property
    def lost(self) -> Sequence[Responsibility]:
        """Lines whose node is gone and left nothing behind."""
        return [line for line in self.lines if not self._living(line)]

    @cached_property
    def written(self) -> Mapping[str, Team]:
        """Node id → the team written on the taxonomy, inherited downward, where a team of that name exists."""
        named = self.tree.teams()
        teams = {team.name: team for team in Team.objects.filter(name__in=set(named.values()))} if named else {}
        return {node: teams[name] for node, name in named.items() if name in teams}

    @cached_property
    def _resolution(self) -> Resolution[Responsibility]:
        return Resolution(self.placed)

    @cached_property
    def _parents(self) -> Mapping[str, str]:
        return {one.id: one.parent for one in self.tree.nodes}

    def line_at(self, path: str, product: str = "", region: str = "") -> Responsibility | None:
        """The line that holds for a path; of a path the tree does not know, that of the nearest one above it."""
        return self._resolution.of(self._upward(path), product, region)

    def team_at(self, path: str, product: str = "", region: str = "") -> Team | None:
        """The accountable team of a place."""
        if line := self.line_at(path, product, region):
            return line.team
        return next((self.written[node] for node in self._upward(path) if node in self.written), None)

    def _upward(self, path: str) -> list[str]:
        while path and path not in self.ids:
            path = path.rpartition("/")[0]
        node, found = self.ids.get(path, ""), []
        while node:
            found.append(node)
            node = self._parents.get(node, "")
        return found

    def _living(self, line: Responsibility) -> str:
        node, seen = line.node, set()
        while node not in self._parents and self.tree.fates.get(node) and node not in seen:
            seen.add(node)
            node = self.tree.fates[node]
        return node if node in self._parents else "" if line.node in self.tree.fates else self.ids.get(line.path, "")


def owner_of(definition: Definition, known: OwnershipMap | None = None) -> Owned:
    """Whose one problem is."""
    return owners_of([definition], known)[definition.problem_id]


def owners_of(definitions: Iterable[Definition], known: OwnershipMap | None = None) -> dict[str, Owned]:
    """Problem id → whose it is, for as many as there are in the same number of queries."""
    asked = list(definitions)
    known = known or OwnershipMap()
    claims = claims_by_problem()
    arbiter = arbiter_now()
    standings = {one.problem_id: chain.standing(claims.get(one.problem_id, ())) for one in asked}
    teams = Team.objects.in_bulk({one.team_id for one in standings.values() if one and one.team_id})
    people = User.objects.in_bulk({one.person_id for one in standings.values() if one and one.person_id})
    found = {}
    for one in asked:
        stands = standings[one.problem_id]
        mapped = _mapped(one, known)
        # A team that was dissolved owns nothing: the map speaks again, and what happened stays in the steps.
        if stands is None or (stands.state != chain.AT_ARBITER and stands.team_id not in teams):
            found[one.problem_id] = _by_map(one, mapped, tuple(claims.get(one.problem_id, ())))
            continue
        team = teams.get(stands.team_id) if stands.team_id else None
        found[one.problem_id] = Owned(
            problem_id=one.problem_id,
            state=stands.state,
            team=team,
            person=people.get(stands.person_id) if stands.person_id else mapped[0].person if mapped[0] and mapped[0].team == team else None,
            deputy=mapped[0].deputy if mapped[0] and mapped[0].team == team else None,
            since=stands.since,
            accepted_at=stands.accepted_at,
            target=stands.target,
            due=stands.due,
            steps=tuple(claims[one.problem_id]),
            hand_offs=stands.hand_offs,
            days_lost=stands.days_lost,
            decided=stands.decided,
            source="claim",
            arbiter=arbiter if stands.state == chain.AT_ARBITER else None,
        )
    return found


def completeness(owned: Owned) -> dict[str, bool]:
    """The two boxes of the definition card that ownership fills."""
    return {"owned": owned.owned, "accepted": owned.accepted}


def claims_by_problem(known: Register | None = None) -> dict[str, list[Claim]]:
    """Living problem → its claims in order.

    A part of a split problem begins with what the whole had gone through. A problem that had no claims of its own takes on those of the
    first that is merged into it; where it had some, they decide, and the other's stay where they are.
    """
    known = known or register()
    own: dict[str, list[Claim]] = {}
    for row in Claim.objects.order_by("id"):
        own.setdefault(row.problem_id, []).append(row)
    if not own:
        return {}
    for change in ProblemChange.objects.filter(kind__in=("split", "merge")).order_by("id"):
        before = [row for row in own.get(change.problem_id, ()) if row.at <= change.at]
        if change.kind == "merge":
            into = change.content["into"]
            heirs = [] if any(row.at <= change.at for row in own.get(into, ())) else [into]
        else:
            heirs = [part["id"] for part in change.content["parts"] if part["id"] != change.problem_id]
        for heir in heirs if before else ():
            own[heir] = [*before, *own.get(heir, ())]
    return {problem_id: rows for problem_id, rows in own.items() if problem_id in known.problems}


def arbiter_now() -> User | None:
    """Who settles disputes: the person named, else the CX lead who has been here longest."""
    setting = Arbitration.objects.select_related("arbiter").first()
    if setting and setting.arbiter and setting.arbiter.is_active:
        return setting.arbiter
    return User.objects.filter(is_active=True, grants__role="cx_lead").order_by("joined_at", "id").first()


def answer_days() -> int:
    """How many days a team may take to answer."""
    return Arbitration.objects.values_list("answer_days", flat=True).first() or 5


def _mapped(one: Definition, known: OwnershipMap) -> tuple[Responsibility | None, Team | None]:
    """The line of the map for a problem, and the team; of several aspects the first that has one speaks."""
    product = one.condition.product[0] if len(one.condition.product) == 1 else ""
    region = one.condition.region[0] if len(one.condition.region) == 1 else ""
    for path in one.aspects:
        if line := known.line_at(path, product, region):
            return line, line.team
        if team := known.team_at(path, product, region):
            return None, team
    return None, None


def _by_map(one: Definition, mapped: tuple[Responsibility | None, Team | None], steps: tuple[Claim, ...]) -> Owned:
    line, team = mapped
    if team is None:
        return Owned(one.problem_id, chain.UNOWNED, steps=steps)
    if line is None:
        return Owned(one.problem_id, chain.PROPOSED, team, steps=steps, source="taxonomy")
    return Owned(one.problem_id, chain.PROPOSED, team, line.person, line.deputy, line.since, steps=steps, source="map")

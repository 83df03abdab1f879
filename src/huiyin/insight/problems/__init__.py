"""The ranked problem list: what a problem is, how it ranks and why, how it stood before, what to solve first."""

from huiyin.insight.problems.attention import Neglect, neglect
from huiyin.insight.problems.definitions import Definition, from_catalogue
from huiyin.insight.problems.history import Moved, Snapshot, compare, days, replay, take
from huiyin.insight.problems.listing import Listing, Row, complaints_of, numbers_of, problem_list, ranked_list, reweighted, scores_of
from huiyin.insight.problems.planning import Candidate, Fix, Plan, best_set, plan
from huiyin.insight.problems.reasons import Against, Why, why
from huiyin.insight.problems.register import Change, Register, RegisterError, carried_over, part_id
from huiyin.insight.problems.weekly import Weekly, weekly

__all__ = [
    "Against",
    "Candidate",
    "Change",
    "Definition",
    "Fix",
    "Listing",
    "Moved",
    "Neglect",
    "Plan",
    "Register",
    "RegisterError",
    "Row",
    "Snapshot",
    "Weekly",
    "Why",
    "best_set",
    "carried_over",
    "compare",
    "complaints_of",
    "days",
    "from_catalogue",
    "neglect",
    "numbers_of",
    "part_id",
    "plan",
    "problem_list",
    "ranked_list",
    "replay",
    "reweighted",
    "scores_of",
    "take",
    "weekly",
    "why",
]

"""The ranked list as screens, files and answers ask for it: kept by the facts it was made from."""

from __future__ import annotations

from dataclasses import replace

from huiyin.facts import Filter
from huiyin.insight.problems import Listing, problem_list, reweighted
from huiyin.insight.ranking import AS_THEY_ARE, Weights
from huiyin.server.prioritise.problems.register import register, register_key
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import Reckoned, reckoned


def _some(found: Listing) -> bool:
    """A list of nobody is not kept: it would stand there for a while after the first voices came."""
    return found.population > 0


def listing(within: Filter, weights: Weights = AS_THEY_ARE) -> Reckoned[Listing]:
    """The problems within a filter (scope included), worst first. Rows carry the name people gave, or none: ask `name_of`.

    Other weights reorder what is kept and read nothing.
    """
    found = reckoned(("listing", within.to_query(), register_key()), lambda: problem_list(facts_store(), register().definitions, within), _some)
    if weights == AS_THEY_ARE:
        return found
    return replace(found, value=reweighted(found.value, weights))

import pytest
from tests.text.trap_cases import Outcome, rates, run

from huiyin.text import Reader

OVERALL, CLASS = 0.95, 0.85
HELD = 0.5
"""Floor under sentences by somebody who knew no rule, made to be hard: what a customer tells without a word that judges."""


@pytest.fixture(scope="module")
def outcomes(general: Reader) -> list[Outcome]:
    return run(general)


def _report(outcomes: list[Outcome]) -> str:
    lines = [f"{group}: {passed} of {cases}" for group, (passed, cases) in rates(outcomes).items()]
    return "\n".join([*lines, *(f"{one.group}: {one.text}: {one.wrong}" for one in outcomes if one.wrong)])


def test_the_suite_is_large(outcomes: list[Outcome]) -> None:
    assert len(outcomes) >= 600
    assert sum(one.held for one in outcomes) >= 200
    assert len({(one.group, one.text) for one in outcomes}) == len(outcomes)


def test_traps_are_read_right(outcomes: list[Outcome]) -> None:
    tuned = [one for one in outcomes if not one.held]
    passed = sum(not one.wrong for one in tuned)
    assert passed / len(tuned) >= OVERALL, _report(tuned)


def test_no_class_is_left_behind(outcomes: list[Outcome]) -> None:
    tuned = [one for one in outcomes if not one.held]
    behind = {group for group, (passed, cases) in rates(tuned).items() if passed / cases < CLASS}
    assert not behind, _report([one for one in tuned if one.group in behind])


def test_what_the_rules_were_not_made_by_is_read_right(outcomes: list[Outcome]) -> None:
    held = [one for one in outcomes if one.held]
    passed = sum(not one.wrong for one in held)
    lines = [f"{group}: {right} of {cases}" for group, (right, cases) in rates(held).items()]
    assert passed / len(held) >= HELD, "\n".join(lines)

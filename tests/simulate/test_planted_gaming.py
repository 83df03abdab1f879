"""Each trick touches the voices of its store and no others."""

import numpy as np
import pytest

from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables


def company():
    draft = draw(Plan(seed=1, voices=3_000))
    honest_answers(draft)
    return draft


@pytest.mark.parametrize("trick", list(TRICKS))
def test_a_trick_stays_in_its_store(trick):
    plain, draft, overlay = company(), company(), Overlay()
    truth = TRICKS[trick](draft, "门店03", 0.9, overlay)
    assert truth.trick == trick and truth.voices == len(truth.rows) > 0
    touched = np.zeros(len(draft), dtype=bool)
    touched[list(truth.rows)] = True
    assert (draft.store[touched] == 2).all()
    assert (draft.score[~touched] == plain.score[~touched]).all() and (draft.invited[~touched] == plain.invited[~touched]).all()
    for name, values in plain.attributes.items():
        assert all(draft.attributes[name][row] == values[row] for row in np.flatnonzero(~touched))
    assert all(draft.text[row] == plain.text[row] for row in np.flatnonzero(~touched))
    assert set(overlay.moments) | set(overlay.copies) <= set(truth.rows)


def test_copies_point_at_their_original():
    draft, overlay = company(), Overlay()
    truth = TRICKS["copy"](draft, "门店03", 0.5, overlay)
    feedback, _ = tables(draft, overlay)
    assert feedback.num_rows == len(draft) + truth.voices
    known = set(feedback["feedback_id"].to_pylist())
    assert len(known) == feedback.num_rows
    assert {one for one in feedback["duplicate_of"].to_pylist() if one} <= known


def test_moments_reach_both_tables():
    draft, overlay = company(), Overlay()
    truth = TRICKS["minutes"](draft, "门店03", 0.9, overlay)
    feedback, mentions = tables(draft, overlay)
    when = dict(zip(feedback["feedback_id"].to_pylist(), feedback["occurred_at"].to_pylist(), strict=True))
    assert when[f"v{truth.rows[0]:07d}"] == overlay.moments[truth.rows[0]]
    assert all(when[one] == moment for one, moment in zip(mentions["feedback_id"].to_pylist(), mentions["occurred_at"].to_pylist(), strict=True))

import pytest
from tests.text.masking_rates import measure

RECALL, WRONG = 0.97, 0.03
HELD_RECALL, HELD_WRONG = 0.8, 0.05
"""Floors for the cases that no pattern was made by."""


@pytest.mark.parametrize(("name", "recall", "wrong"), [("masking_cases.yaml", RECALL, WRONG), ("masking_cases_held.yaml", HELD_RECALL, HELD_WRONG)])
def test_personal_data_is_found_and_little_else(name: str, recall: float, wrong: float) -> None:
    rates = measure(name)
    said = "\n".join([f"{kind}: {rates.found[kind]} of {rates.there[kind]}" for kind in rates.there] + ([] if "held" in name else rates.failing))
    assert rates.recall >= recall, said
    assert rates.wrong / rates.cases <= wrong, said

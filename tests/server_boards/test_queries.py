"""A page asks the state a bounded number of questions, however many problems it shows: names and the register are asked for once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.facts import Filter
from huiyin.server.prioritise.problems.ranking import listing

MOST = 45


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/", "/problems/", "/problems/{problem}/", "/problems/compare/", "/problems/plan/", "/ownership/", "/ownership/queue/", "/fixes/", "/boards/mine/",
     "/api/v1/problems?limit=200", "/api/v1/ownership/problems"],
)  # fmt: skip
def test_the_questions_of(company, browser, address):
    rows = listing(Filter()).value.rows
    assert len(rows) > 30
    page = browser("cx_lead")
    url = address.format(problem=rows[0].problem_id)
    page.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert page.get(url).status_code == 200
        count = len(asked)
    assert 0 < count <= MOST

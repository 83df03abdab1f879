"""Every operation of the interface, asked what its own description allows and what it does not: never a fault, always what it said."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.server.guests import SAID
from tests.server.world import person

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def whole(send, settings):
    """The schema of a server that holds something, asked by somebody who may do everything a key may."""
    from huiyin.server.foundation.people.rights import KEY_SCOPES
    from huiyin.server.foundation.people.roles import ASSIGNABLE
    from huiyin.server.foundation.people.services.keys import key_make
    from huiyin.server.foundation.people.services.users import user_make

    # Every request would close the test's database behind it, as Django's own test client knows.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    settings.API_RATE = "1000000/s"
    send(*SAID)
    person("administrator")
    everything = user_make(
        email="all@example.com",
        display_name="周砚",
        password="clear-water-71",
        roles=[role for role in ASSIGNABLE if role != "store_manager"],
        scope={},
    )
    _key, text = key_make(everything, name="全部", scopes=list(KEY_SCOPES))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers={"Authorization": f"Bearer {text}"})
    schema.config.update(headers={"Authorization": f"Bearer {text}"})
    yield schema
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.django_db
def test_every_operation_keeps_to_what_it_says(whole):
    """Each with a dozen requests drawn from its own description."""
    broken, asked = {}, 0
    for found in whole.get_all_operations():
        operation = found.ok()
        asked += 1

        @given(case=operation.as_strategy())
        @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        def ask(case):
            case.call_and_validate(checks=CHECKS)

        try:
            ask()
        except (Exception, BaseExceptionGroup) as error:  # every kind of failure is told with its operation
            broken[operation.label] = str(error)[:1500]
    assert asked > 20
    assert broken == {}

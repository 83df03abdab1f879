"""Every body and answer of the interface has an example that keeps to its schema; what the examples send is taken."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.server.guests import SAID
from tests.server.world import person


@pytest.fixture
def document(client, db):
    client.force_login(person("administrator"))
    return client.get("/api/v1/openapi.json").json()


def test_every_json_body_and_answer_has_an_example_of_its_schema(document):
    from huiyin.server.api.examples import contents

    found = list(contents(document))
    assert len(found) > 120
    for operation, content in found:
        jsonschema.Draft202012Validator({**content["schema"], "components": document["components"]}).validate(content["example"])
        assert "?" not in json.dumps(content["example"], ensure_ascii=False).replace("?aspect", ""), operation


def test_every_answer_that_is_no_file_says_what_it_holds(document):
    silent = [
        (path, method, status)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        if status.startswith("2") and status != "204" and not answer.get("content")
    ]
    assert silent == [("/api/v1/taxonomy/versions/{number}.{kind}", "get", "200")]


def test_a_field_without_an_example_is_named():
    from huiyin.server.api.examples import NoExample, exemplified

    schema = {"type": "object", "properties": {"nobody_knows": {"type": "string"}}}
    operation = {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    with pytest.raises(NoExample, match="nobody_knows"):
        exemplified({"components": {"schemas": {}}, "paths": {"/things": {"get": operation}}})


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("POST /feedback", 201),
        ("POST /feedback/batch", 200),
        ("POST /operations", 200),
        ("PUT /voices/views", 200),
        ("POST /boards", 201),
        ("POST /taxonomy/draft", 200),
        ("POST /topics/grow", 202),
    ],
)
def test_what_an_example_sends_is_taken(send, client, settings, operation, status):
    from huiyin.server.api.examples import contents
    from huiyin.server.foundation.people.roles import ASSIGNABLE
    from huiyin.server.foundation.people.services.users import user_make

    send(*SAID)
    roles = [role for role in ASSIGNABLE if role != "store_manager"]
    client.force_login(user_make(email="all@example.com", display_name="周砚", password="clear-water-71", roles=roles, scope={}))
    document = client.get("/api/v1/openapi.json").json()
    method, path = operation.split(" ")
    example = next(content["example"] for name, content in contents(document) if name == f"{method} /api/v1{path}")
    answer = client.generic(method, f"/api/v1{path}", json.dumps(example), content_type="application/json")
    assert answer.status_code == status, answer.content.decode()

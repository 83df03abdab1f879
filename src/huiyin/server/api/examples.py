"""An example for every request and answer of the interface, composed out of its own schema, so that none can fall behind it.

What a field is called tells what stands in it; `examples.yaml` says it once for all operations that have such a field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_DAY, _MOMENT = "2026-11-16", "2026-11-16T09:30:00+08:00"
_PYTHON: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "array": (list,), "object": (dict,)}
_SECOND = {"string": "text", "integer": "number", "number": "number", "array": "many"}
"""Under `name.text` and the like stands what a field of that type says where another type goes by the same name."""


class NoExample(LookupError):
    """A field of which `examples.yaml` says nothing."""


def exemplified(document: dict[str, Any]) -> None:
    """Write an example beside every JSON body and answer of an OpenAPI document.

    Raises:
        NoExample: a field has none.
    """
    schemas = document["components"]["schemas"]
    for operation, content in contents(document):
        called = operation.rsplit("/", 1)[1]
        content.setdefault("example", _composed(content["schema"], called, called, schemas))


def contents(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(operation, content) of every JSON body, and of every JSON answer to a request that was granted."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            granted = [answer for status, answer in operation["responses"].items() if str(status).startswith("2")]
            for holder in (operation.get("requestBody", {}), *granted):
                if "application/json" in holder.get("content", {}):
                    yield f"{method.upper()} {path}", holder["content"]["application/json"]


@cache
def _values() -> dict[str, Any]:
    return dict(yaml.safe_load(files(__package__).joinpath("examples.yaml").read_text("utf-8")))


def _composed(schema: Mapping[str, Any], owner: str, name: str, schemas: Mapping[str, Any]) -> Any:
    """A value of a schema; `owner` and `name` say of which field."""
    if "$ref" in schema:
        owner = schema["$ref"].rsplit("/", 1)[1]
        return _composed(schemas[owner], owner, name, schemas)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema and "properties" not in schema:
            return _composed(next(one for one in schema[choice] if one.get("type") != "null"), owner, name, schemas)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", ())), None))
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return _object(schema, owner, name, schemas)
    if kind == "array":
        if isinstance(_values().get(f"{owner}.{name}"), list):
            return _values()[f"{owner}.{name}"]
        return [_composed(schema.get("items", {}), owner, name.removesuffix("s"), schemas)]
    if kind == "boolean":
        return bool(schema.get("default", False))
    if schema.get("format") in ("date", "date-time"):
        return _DAY if schema["format"] == "date" else _MOMENT
    return _said(kind, owner, name, schema)


def _object(schema: Mapping[str, Any], owner: str, name: str, schemas: Mapping[str, Any]) -> dict[str, Any]:
    if "properties" in schema:
        return {key: _composed(part, owner, key, schemas) for key, part in schema["properties"].items()}
    known = _values().get(f"{owner}.{name}")
    if isinstance(known, dict):
        return known
    inner = schema.get("additionalProperties")
    return {"example": _composed(inner, owner, name, schemas)} if isinstance(inner, dict) and inner.get("type") in _PYTHON else {}


def _said(kind: str | None, owner: str, name: str, schema: Mapping[str, Any]) -> Any:
    wanted = _PYTHON.get(str(kind), (object,))
    for key in (f"{owner}.{name}", name, f"{name}.{_SECOND.get(str(kind), 'any')}"):
        if key in _values() and isinstance(_values()[key], wanted):
            return _values()[key]
    if "default" in schema:
        return schema["default"]
    raise NoExample(f"{owner}.{name} ({kind})")

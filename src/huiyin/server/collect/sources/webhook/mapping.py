"""From any JSON to records, by JSONPath. A mapping is `{"field": "$.path", …}`; `"=text"` is the text itself.

`items` names the list whose elements are records (the whole body if unsaid). Several matches of a text are joined by line breaks.
Fields are those of a record; `attributes.<name>` fills an attribute.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jsonpath_ng.jsonpath import JSONPath
from jsonpath_ng.parser import parse

from huiyin.server.collect.feedback.records import FIELDS, dumps
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.entries import entry_or_reject, rejected

_WORDS = ("text", "title")
_MOST_ITEMS = 1000
_MOST_MATCHES = 100


@lru_cache(maxsize=2000)
def _path(text: str) -> JSONPath:
    return parse(text)


def check_mapping(mapping: Mapping[str, Any]) -> None:
    """Refuse a mapping that cannot work.

    Raises:
        SourceRefused: an unknown field, a path that cannot be read, no text.
    """
    if not {"text", "title"} & set(mapping):
        raise SourceRefused("对应关系里没有 text，也没有 title", "The mapping names neither text nor title", "mapping")
    for name, path in mapping.items():
        if name != "items" and name not in FIELDS and not name.startswith("attributes."):
            raise SourceRefused(f"没有「{name}」这个字段", f"There is no field '{name}'", "mapping")
        if not isinstance(path, str) or len(path) > 300:
            raise SourceRefused(f"{name} 的路径要是一段文字", f"The path of {name} has to be a string", "mapping")
        if not path.startswith("="):
            try:
                _path(path)
            except Exception as error:
                raise SourceRefused(f"{name} 的路径读不懂：{path}", f"The path of {name} cannot be read: {path}", "mapping") from error


def mapped(body: Any, mapping: Mapping[str, str]) -> list[Entry]:
    """The entries of a body. Each keeps its element of `items` as it came, so that it can be mapped again."""
    path = mapping.get("items", "")
    items = [match.value for match in _path(path).find(body)] if path else [body]
    found = [entry_or_reject(record_of(item, mapping), raw=dumps(item)) for item in items[:_MOST_ITEMS]]
    if len(items) > _MOST_ITEMS:
        left = len(items) - _MOST_ITEMS
        found.append(rejected(dumps(body), "too_many_items", f"一次最多 {_MOST_ITEMS:,} 条，后面 {left:,} 条没有收；原样留着"))
    return found


def record_of(item: Any, mapping: Mapping[str, str]) -> dict[str, Any]:
    """One element as a record."""
    record: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    for name, path in mapping.items():
        if name == "items":
            continue
        value = path[1:] if path.startswith("=") else _found(item, path, name in _WORDS)
        if value is None:
            continue
        if name.startswith("attributes."):
            attributes[name.removeprefix("attributes.")] = value
        else:
            record[name] = value
    if attributes:
        record["attributes"] = attributes
    return record


def _found(item: Any, path: str, joined: bool) -> Any:
    values = [match.value for match in _path(path).find(item)[:_MOST_MATCHES] if match.value not in (None, "")]
    if not values:
        return None
    return "\n".join(one if isinstance(one, str) else dumps(one) for one in values) if joined else values[0]

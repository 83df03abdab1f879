"""The canonical record: a JSON object whose fields are those of the facts that a sender may state.

`text` or `title` is needed, everything else is optional; what is no known field belongs into `attributes`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from huiyin.files.dates import find_reading, read_dates

TEXT_FIELDS = ("channel", "customer_id", "product", "brand", "region", "store", "touchpoint", "segment", "metric", "url")
NUMBER_FIELDS = ("rating", "score", "scale_max")
FIELDS = ("external_id", "occurred_at", *TEXT_FIELDS, *NUMBER_FIELDS, "invited", "title", "text", "attributes")
LONGEST_TEXT = 200_000
LONGEST_FIELD = 500
MOST_ATTRIBUTES = 100
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


class RecordRefused(Exception):
    """A record that cannot be used; `code` is stable, the messages are one line each."""

    def __init__(self, code: str, field: str, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.code, self.field, self.message_zh, self.message_en = code, field, message_zh, message_en


@dataclass(frozen=True, slots=True)
class Record:
    """A clean record, and the moment it tells of."""

    values: dict[str, Any]
    occurred_at: datetime | None

    @property
    def external_id(self) -> str:
        """The sender's id; empty where there is none."""
        return str(self.values.get("external_id") or "")

    def as_json(self) -> str:
        """Canonical JSON: equal records give equal text."""
        return dumps(self.values)


def dumps(value: object) -> str:
    """JSON in one spelling, without the halves of surrogate pairs, which JSON may name and no database takes."""
    return _NOT_TEXT.sub("\ufffd", json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str))


def clean_record(given: Mapping[str, Any]) -> Record:
    """A record with known fields of the right type; unknown fields become attributes, what cannot be a date or number is kept there too.

    Raises:
        RecordRefused: no text, or something so large that it cannot be meant.
    """
    values: dict[str, Any] = {}
    attributes = _attributes(given.get("attributes"))
    for name, value in given.items():
        if name not in FIELDS and value is not None:
            attributes.setdefault(plain(str(name), 100), plain(value, LONGEST_FIELD))
    for name in ("external_id", *TEXT_FIELDS):
        if said := plain(given.get(name), 200 if name == "external_id" else LONGEST_FIELD, name != "external_id"):
            values[name] = said
    for name in NUMBER_FIELDS:
        number = _number(given.get(name))
        if number is not None:
            values[name] = number
        elif given.get(name) not in (None, ""):
            attributes.setdefault(f"{name} (?)", plain(given[name], LONGEST_FIELD))
    if isinstance(given.get("invited"), bool):
        values["invited"] = given["invited"]
    occurred = moment(given.get("occurred_at"))
    if occurred is not None:
        values["occurred_at"] = occurred.isoformat()
    elif given.get("occurred_at") not in (None, ""):
        attributes.setdefault("occurred_at (?)", plain(given["occurred_at"], LONGEST_FIELD))
    for name in ("title", "text"):
        if said := _words(given.get(name), name):
            values[name] = said
    if not values.get("text") and not values.get("title"):
        raise RecordRefused("empty_text", "text", "没有正文，也没有标题", "It has neither text nor title")
    values.setdefault("text", values.get("title", ""))
    if attributes:
        values["attributes"] = dict(list(attributes.items())[:MOST_ATTRIBUTES])
    return Record(values, occurred)


def _words(value: object, name: str) -> str:
    said = plain(value, LONGEST_TEXT + 1)
    if len(said) > LONGEST_TEXT:
        raise RecordRefused("too_long", name, f"{name} 超过 {LONGEST_TEXT:,} 字", f"{name} is longer than {LONGEST_TEXT:,} characters")
    return said


def _attributes(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {} if value in (None, "") else {"attributes": plain(value, LONGEST_FIELD)}
    return {plain(str(name), 100): plain(one, LONGEST_FIELD) for name, one in value.items() if one is not None}


def plain(value: object, longest: int, cut: bool = True) -> str:
    """A value as text without characters no database takes, trimmed.

    Raises:
        RecordRefused: it is longer than may be and must not be cut.
    """
    if value is None:
        return ""
    said = value if isinstance(value, str) else dumps(value) if isinstance(value, list | dict) else str(value)
    said = _NOT_TEXT.sub("\ufffd", said.replace("\x00", "")).strip()
    if len(said) > longest and not cut:
        raise RecordRefused("too_long", "external_id", f"编号超过 {longest} 个字符", f"The id is longer than {longest} characters")
    return said[:longest]


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = float(value) if _NUMBER.match(value.strip()) and len(value) < 30 else None
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < 1e15:
        return float(value)
    return None


def moment(value: object) -> datetime | None:
    """A time as people and machines write it: ISO 8601, seconds or milliseconds since 1970, 2025年3月2日 …; None where it is none.

    What names no zone is in the server's. Times before 1990 or after tomorrow are taken for errors of writing.
    """
    if value in (None, "") or isinstance(value, bool):
        return None
    found = _from_number(float(value)) if isinstance(value, int | float) else _from_text(str(value).strip()[:64])
    if found is None:
        return None
    return found if found.year >= 1990 and found.timestamp() < timezone.now().timestamp() + 86400 else None


def _from_number(value: float) -> datetime | None:
    for unit in (1, 1_000, 1_000_000):
        if 0 < value / unit < 4_102_444_800:
            return datetime.fromtimestamp(value / unit, UTC)
    return None


def _from_text(value: str) -> datetime | None:
    if re.fullmatch(r"\d{10}(?:\d{3}|\d{6})?", value):
        return _from_number(float(value))
    try:
        read = datetime.fromisoformat(value.replace("/", "-") if value[:4].isdigit() else value)
        return (read if read.tzinfo else timezone.make_aware(read)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        found = read_dates(pa.array([value], pa.string()), find_reading([value], settings.TIME_ZONE))[0].as_py()
        return found.astimezone(UTC) if found else None
    except (OverflowError, ValueError):
        # A year beyond what a datetime can say.
        return None

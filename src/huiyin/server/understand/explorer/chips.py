"""The filter in words, each part with the address that leaves it out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huiyin.facts.corrections import TAG
from huiyin.facts.filters import SAID, Band, band_name
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.asked import Asked

PARTS = [
    "source",
    "channel",
    "product",
    "brand",
    "region",
    "store",
    "segment",
    "customer_id",
    "touchpoint",
    "language",
    "metric",
    "spam_reason",
    "scale",
    "aspect",
    "polarity",
    "intent",
    "urgency",
    "emotion",
    "effort",
]


@dataclass(frozen=True, slots=True)
class Chip:
    """字段 | 值, and the way to take it off."""

    label: str
    value: str
    url: str


def label_of(part: str) -> str:
    """The name of a part of the filter."""
    return {
        "source": _("来源"),
        "channel": _("渠道"),
        "product": _("产品"),
        "brand": _("品牌"),
        "region": _("地区"),
        "store": _("门店"),
        "segment": _("人群"),
        "customer_id": _("客户"),
        "touchpoint": _("触点"),
        "language": _("语言"),
        "metric": _("指标"),
        "spam_reason": _("疑似刷评"),
        "scale": _("量表到"),
        "aspect": _("主题"),
        "polarity": _("情感"),
        "intent": _("意图"),
        "urgency": _("紧急程度"),
        "emotion": _("情绪"),
        "effort": _("费力"),
        "conditions": _("什么情况下"),
        "tag": _("标记"),
        "occurred_at": _("时间"),
        "score": _("评分"),
        "sentiment": _("情感分"),
    }.get(part, part)


def chips(asked: Asked) -> list[Chip]:
    """Every part of the filter but the dates and words, which have fields of their own."""
    found = [Chip(label_of(part), value_of(part, value), asked.without(part, value)) for part in PARTS for value in getattr(asked.filter, part)]
    found += [Chip(_("含"), word, asked.without("text", word)) for word in asked.filter.text]
    for key, values in sorted(asked.filter.attributes.items()):
        label, value = (_("标记"), key[1:]) if key.startswith(TAG) else (key, "、".join(values))
        found.append(Chip(label, value, asked.without("attributes", key)))
    for kind, values in sorted(asked.filter.conditions.items()):
        words = "、".join(names.condition_value(kind, one) for one in values)
        found.append(Chip(names.condition_name(kind), words, asked.without("conditions", kind)))
    for name, bands in sorted(asked.filter.bands.items()):
        label = names.condition_name(name.removeprefix(SAID)) if name.startswith(SAID) else name
        found.append(Chip(label, "、".join(map(_band, bands)), asked.without("bands", name)))
    if asked.filter.since:
        found.append(Chip(_("自"), asked.filter.since.isoformat(), asked.without("since")))
    if asked.filter.until:
        found.append(Chip(_("至"), asked.filter.until.isoformat(), asked.without("until")))
    if asked.filter.invited is not None:
        found.append(Chip(_("受邀"), _("是") if asked.filter.invited else _("否"), asked.without("invited")))
    if asked.filter.spam is not None:
        found.append(Chip(_("疑似刷评"), _("是") if asked.filter.spam else _("否"), asked.without("spam")))
    if asked.filter.scored is not None:
        found.append(Chip(_("打了分"), _("是") if asked.filter.scored else _("否"), asked.without("scored")))
    if asked.filter.named is not None:
        found.append(Chip(_("知道是哪位客户"), _("是") if asked.filter.named else _("否"), asked.without("named")))
    return found


def _band(band: Band) -> str:
    """`≤20`, `20–40.5`, `>80`; any number, or none, where it has no bounds."""
    if all(map(math.isinf, band)):
        return _("有数") if band[0] < band[1] else "—"
    return band_name(band)


def value_of(part: str, value: Any) -> str:
    """A value of a part of the filter as people read it."""
    if part == "polarity":
        return f"{names.SIGN[value]} {names.POLARITY[value]}"
    if part == "aspect":
        return names.aspect_name(value)
    if part == "customer_id":
        return str(value)[-4:].upper()
    if part == "scale":
        return f"{value:g}" if value else "—"
    if part == "metric":
        return str(value).upper() or "—"
    tables = {"intent": names.INTENT, "emotion": names.EMOTION, "urgency": names.URGENCY, "spam_reason": names.SPAM, "language": names.LANGUAGE}
    return str(tables.get(part, {}).get(value, value or "—"))

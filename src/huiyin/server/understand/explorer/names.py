"""Names of what the facts hold by code: aspects of the taxonomy in use, intents, emotions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.reading.services import reading_setup
from huiyin.text import conditions, load_taxonomy

POLARITY = {-1: _("负面"), 0: _("中性"), 1: _("正面")}
SIGN = {-1: "−", 0: "○", 1: "＋"}
SIDE = {-1: "negative", 0: "neutral", 1: "positive"}
STRENGTHS = (
    (0.25, pgettext_lazy("intensity", "弱")),
    (0.5, pgettext_lazy("intensity", "中")),
    (0.75, pgettext_lazy("intensity", "强")),
    (0.95, pgettext_lazy("intensity", "很强")),
)
INTENT = {
    "complaint": _("抱怨"),
    "praise": _("夸奖"),
    "wish": _("希望"),
    "need": _("需要"),
    "question": _("询问"),
    "churn": _("要走"),
    "none": _("陈述"),
}
EMOTION = {
    "joy": _("喜"),
    "like": _("好"),
    "anger": _("怒"),
    "sadness": _("哀"),
    "fear": _("惧"),
    "disgust": _("恶"),
    "surprise": _("惊"),
    "none": _("没有情绪"),
}
LANGUAGE = {
    "zh": _("中文"),
    "en": _("英文"),
    "ja": _("日文"),
    "ko": _("韩文"),
    "ru": _("俄文"),
    "ar": _("阿拉伯文"),
    "th": _("泰文"),
    "und": _("看不出语言"),
}
URGENCY = {"low": _("低"), "medium": _("中"), "high": _("高"), "urgent": _("紧急")}


def strength(intensity: float | None) -> Any:
    """弱 中 强 很强."""
    level = intensity or 0.0
    return STRENGTHS[0 if level < 0.375 else 1 if level < 0.6 else 2 if level < 0.8 else 3][1]


SPAM = {"bought_praise": _("好评返现"), "advert": _("广告"), "template": _("套话模板"), "flood": _("成批雷同")}


def _language() -> Literal["en", "zh"]:
    return "en" if get_language() == "en" else "zh"


def condition_name(facet: str) -> str:
    """The kind of a condition, in the reader's language: 季节."""
    return conditions.facet_name(facet, _language())


def condition_value(facet: str, value: str) -> str:
    """A condition in the reader's language: 冬天."""
    return conditions.value_name(facet, value, _language())


def aspect_names() -> dict[str, str]:
    """Path → name, in the reader's language: leaves and the themes above them."""
    return _names(reading_setup().taxonomy, _language())


@lru_cache(maxsize=32)
def _names(taxonomy: str, language: str) -> dict[str, str]:
    pack = load_taxonomy(taxonomy)
    named: list[Any] = [*pack.themes, *pack.aspects]
    return {one.path: one.name.get(language) or one.path for one in named}


def aspect_name(path: str | None) -> str:
    """交付 / 延期告知; a path the taxonomy does not know stays as it is."""
    return full_name(path, aspect_names())


def full_name(path: str | None, known: Mapping[str, str]) -> str:
    """The same from names that were asked for before."""
    if not path:
        return str(_("未归类"))
    parts = path.split("/")
    return " / ".join(known.get("/".join(parts[: depth + 1]), part) for depth, part in enumerate(parts))

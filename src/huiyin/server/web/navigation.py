"""The side bar: stages in the order in which voices travel, entries brought by the apps in `navigation.py` as `ENTRIES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.server.web.brought import brought


@dataclass(frozen=True, slots=True)
class Count:
    """A number at the right of an entry, only where somebody may act; urgent when late or dangerous."""

    value: int
    urgent: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the side bar. `right` hides it from those who lack it; `tab` puts it at the foot of the phone, in that order."""

    stage: str
    label: Any
    url_name: str
    icon: str
    right: str = ""
    order: int = 50
    tab: int = 0
    count: Callable[[HttpRequest], Count | None] | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the loop: its character and three quiet words."""

    key: str
    character: Any
    words: Any


STAGES = (
    Stage("collect", pgettext_lazy("stage", "听"), _("收集声音")),
    Stage("understand", pgettext_lazy("stage", "懂"), _("理解含义")),
    Stage("prioritise", pgettext_lazy("stage", "排"), _("定优先级")),
    Stage("act", pgettext_lazy("stage", "做"), _("推动改进")),
    Stage("verify", pgettext_lazy("stage", "验"), _("证明成效")),
    Stage("culture", pgettext_lazy("stage", "文化"), _("养成习惯")),
    Stage("admin", pgettext_lazy("stage", "管"), _("人与权限")),
)

HOME = Entry("", _("首页"), "home", icon="home", order=0, tab=1)


@cache
def all_entries() -> tuple[Entry, ...]:
    """Home and the entries of every app."""
    found = [HOME]
    for module in brought("navigation"):
        found += getattr(module, "ENTRIES", [])
    return tuple(sorted(found, key=lambda one: (one.order, one.url_name)))


def shown_to(request: HttpRequest) -> dict[str, Any]:
    """The side bar, the phone's tabs and the place of the present page among them."""
    lines = {entry: line for entry in all_entries() if (line := _line(request, entry))}
    _mark_present(request, list(lines.values()))
    stages = []
    for stage in STAGES:
        within = [line for entry, line in lines.items() if entry.stage == stage.key]
        if within:
            stages.append({"stage": stage, "lines": within})
    tabs = [line for entry, line in sorted(lines.items(), key=lambda pair: pair[0].tab) if entry.tab]
    return {"home": lines.get(HOME), "stages": stages, "tabs": tabs[:4]}


def _line(request: HttpRequest, entry: Entry) -> dict[str, Any] | None:
    if entry.right and not request.user.has_perm(entry.right):
        return None
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return None
    return {"label": entry.label, "url": url, "icon": entry.icon, "count": entry.count(request) if entry.count else None, "present": False}


def _mark_present(request: HttpRequest, lines: list[dict[str, Any]]) -> None:
    """The entry whose address is the longest beginning of the present one."""
    home = reverse("home")
    fitting = [line for line in lines if request.path == line["url"] or (line["url"] != home and request.path.startswith(line["url"]))]
    if fitting:
        max(fitting, key=lambda line: len(line["url"]))["present"] = True

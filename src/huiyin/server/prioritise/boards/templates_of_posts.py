"""What each post sees first: data, no code. The first page and a new board are both made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Spec:
    """A widget to be: its kind, its settings, its width on a board."""

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    width: str = "half"
    title: Any = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post's first page: four tiles (the first four that have something to show), the main column, the rail."""

    key: str
    label: Any
    roles: tuple[str, ...]
    tiles: tuple[str, ...]
    main: tuple[Spec, ...]
    rail: tuple[Spec, ...]

    @property
    def specs(self) -> tuple[Spec, ...]:
        """All of it as widgets of a board."""
        return (*(Spec("tile", {"metric": key}, "quarter") for key in self.tiles[:4]), *self.main, *self.rail)


_PROBLEMS, _CHANGES, _ALARMS = Spec("problems", {}, "full"), Spec("changes", {}), Spec("alarms", {})
_VOICES = Spec("voices", {"order": "newest", "size": 3})


def _line(metric: str) -> Spec:
    return Spec("trend", {"metric": metric, "grain": "week"}, "full")


def _by(metric: str, dimension: str) -> Spec:
    return Spec("breakdown", {"metric": metric, "dimension": dimension})


POSTS: dict[str, Post] = {
    one.key: one
    for one in (
        Post(
            "executive", _("高管"), ("executive", "cx_lead", "administrator"),
            ("nps", "churn_rate", "ces", "csat", "complaint_rate", "negative_share", "customers"),
            (_PROBLEMS, _line("nps"), _by("nps", "product")), (_CHANGES, _ALARMS, _VOICES),
        ),
        Post(
            "product", _("产品"), ("product", "analyst"),
            ("complaint_rate", "negative_share", "nps", "voices", "praise_rate"),
            (_PROBLEMS, Spec("heat", {"metric": "negative_share", "dimension": "aspect", "second": "product"}, "full"), _line("complaint_rate")),
            (_CHANGES, _ALARMS, Spec("topics", {}), _VOICES),
        ),
        Post(
            "marketing", _("市场"), ("marketing",),
            ("nps", "praise_rate", "negative_share", "voices", "customers"),
            (Spec("topics", {}, "full"), _line("voices"), _by("praise_rate", "aspect"), _by("negative_share", "channel")),
            (_CHANGES, _ALARMS, Spec("voices", {"order": "most_positive", "size": 3})),
        ),
        Post(
            "service", _("服务"), ("service_agent",),
            ("csat", "ces", "complaint_rate", "nps", "negative_share", "complaints"),
            (Spec("complaints", {}, "full"), _by("complaint_rate", "channel"), _line("complaint_rate")),
            (_CHANGES, _ALARMS, Spec("voices", {"order": "most_negative", "size": 3})),
        ),
        Post(
            "store", _("门店"), ("store_manager",),
            ("nps", "complaint_rate", "praise_rate", "voices", "negative_share"),
            (Spec("complaints", {}, "full"), _by("complaint_rate", "store"), _line("nps")), (_ALARMS, _VOICES, _CHANGES),
        ),
        Post(
            "frontline", _("一线"), ("everyone",),
            ("voices", "customers", "negative_share", "praise_rate"),
            (Spec("voices", {"order": "newest", "size": 5}, "full"), Spec("topics", {}, "full")), (_CHANGES,),
        ),
    )
}  # fmt: skip


def post_of(user: Any) -> Post:
    """The post whose page a person sees unless another one is asked for."""
    held = user.role_names
    return next((one for one in POSTS.values() if not held.isdisjoint(one.roles) and one.key != "frontline"), POSTS["frontline"])

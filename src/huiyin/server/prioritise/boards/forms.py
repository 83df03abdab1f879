"""What a person fills in for a board or a widget."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.facts import Filter
from huiyin.server.prioritise.boards.models import SHARED
from huiyin.server.prioritise.boards.widgets import KINDS
from huiyin.server.prioritise.metrics.catalogue import DIMENSIONS, METRICS

WIDTHS = (("quarter", gettext_lazy("四分之一")), ("third", gettext_lazy("三分之一")), ("half", gettext_lazy("一半")), ("full", gettext_lazy("整行")))
PERIODS = (
    ("", gettext_lazy("跟看板")),
    ("30", gettext_lazy("近 30 天")),
    ("90", gettext_lazy("近 90 天")),
    ("365", gettext_lazy("近一年")),
    ("0", gettext_lazy("全部")),
)

USED: dict[str, tuple[str, ...]] = {
    "tile": ("metric",),
    "trend": ("metric", "grain"),
    "breakdown": ("metric", "dimension"),
    "heat": ("metric", "dimension", "second"),
    "launch": ("metric", "day", "earlier"),
    "compare": ("dimension", "values"),
    "note": ("text",),
}
"""The settings that a kind of widget has of its own; every other kind has none."""


class BoardForm(forms.Form):
    """Name and readers."""

    name = forms.CharField(max_length=80, label=gettext_lazy("名称"))
    shared = forms.ChoiceField(choices=SHARED, label=gettext_lazy("给谁看"), required=False)


class WidgetForm(forms.Form):
    """A widget's settings; which of them matter depends on its kind."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    title = forms.CharField(max_length=80, required=False, label=gettext_lazy("标题"))
    width = forms.ChoiceField(choices=WIDTHS, initial="half", label=gettext_lazy("宽"))
    metric = forms.ChoiceField(required=False, label=gettext_lazy("指标"))
    dimension = forms.ChoiceField(required=False, label=gettext_lazy("维度"))
    second = forms.ChoiceField(required=False, label=gettext_lazy("第二个维度"))
    days = forms.ChoiceField(choices=PERIODS, required=False, label=gettext_lazy("时间"))
    grain = forms.ChoiceField(
        choices=(("day", gettext_lazy("按天")), ("week", gettext_lazy("按周")), ("month", gettext_lazy("按月"))), required=False, initial="week",
        label=gettext_lazy("间隔"),
    )  # fmt: skip
    filter = forms.CharField(max_length=2000, required=False, label=gettext_lazy("筛选"))
    values = forms.CharField(max_length=400, required=False, label=gettext_lazy("比较哪两个"))
    day = forms.DateField(required=False, label=gettext_lazy("上线日"), widget=forms.DateInput(attrs={"type": "date"}))
    earlier = forms.CharField(max_length=200, required=False, label=gettext_lazy("较早的上线日"))
    text = forms.CharField(max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("文字"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(key, name) for key, (name, _builder) in KINDS.items()]
        self.fields["metric"].choices = [(key, one.name) for key, one in METRICS.items()]
        for name in ("dimension", "second"):
            self.fields[name].choices = list(DIMENSIONS.items())
        for name, field in self.fields.items():
            # The page shows a setting only for the kinds that have it.
            field.used_by = " ".join(kind for kind, used in USED.items() if name in used)

    def clean_filter(self) -> str:
        """A filter as the address of the explorer writes it; the whole address may be pasted."""
        given = str(self.cleaned_data["filter"]).split("?")[-1].strip()
        try:
            return Filter.from_query(given).to_query()
        except ValueError as error:
            raise forms.ValidationError(_("读不懂 %(part)s") % {"part": str(error).split(":")[0]}) from None

    def clean_earlier(self) -> list[str]:
        """Days, parted by commas or blanks."""
        try:
            return [date.fromisoformat(one).isoformat() for one in str(self.cleaned_data["earlier"]).replace("，", ",").replace(",", " ").split()][:4]
        except ValueError:
            raise forms.ValidationError(_("日子写成 2026-01-31，用逗号隔开")) from None

    @property
    def settings(self) -> dict[str, Any]:
        """The widget's settings out of what was filled in; parts that its kind does not use are left out."""
        given, kind = self.cleaned_data, self.cleaned_data["kind"]
        used = USED.get(kind, ())
        found: dict[str, Any] = {name: given[name] for name in used if name not in ("day", "values") and given.get(name)}
        if kind in ("breakdown", "heat", "compare"):
            found.setdefault("dimension", "product")
        if kind == "heat":
            found.setdefault("second", "channel")
        if kind in ("tile", "trend", "breakdown", "heat"):
            found.setdefault("metric", "complaint_rate")
        if kind == "launch" and given["day"]:
            found["day"] = given["day"].isoformat()
        if kind == "compare" and given["values"]:
            found["values"] = [one.strip() for one in given["values"].replace("，", ",").split(",") if one.strip()][:2]
        if given["days"]:
            found["days"] = int(given["days"])
        if given["filter"]:
            found["filter"] = given["filter"]
        return found

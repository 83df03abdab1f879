"""Forms of operations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.sealing import SHOWN
from huiyin.server.understand.operations.models import KINDS, Feed
from huiyin.server.understand.operations.rows import ROLES

ROLE_NAMES: dict[str, Any] = {
    "id": _("编号"),
    "kind": _("类型"),
    "time": _("时间"),
    "customer": _("客户"),
    "order": _("订单号"),
    "product": _("产品"),
    "region": _("地区"),
    "store": _("门店"),
    "segment": _("人群"),
    "amount": _("金额"),
    "status": _("状态"),
}


class FeedForm(forms.Form):
    """Name and kind; of a database also its address and query."""

    name = forms.CharField(label=_("名称"), max_length=100)
    kind = forms.ChoiceField(label=_("记录的是"), choices=KINDS, help_text=_("行里自己写了类型的，按行里的"))

    def __init__(self, way: str, *args: Any, feed: Feed | None = None, **kwargs: Any) -> None:
        if feed is not None:
            kwargs["initial"] = {"name": feed.name, "kind": feed.kind, "cron": feed.cron, "url": SHOWN, **feed.config}
        super().__init__(*args, **kwargs)
        if way != "sql":
            return
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        widget = forms.PasswordInput(render_value=True, attrs=attributes) if feed else forms.TextInput(attrs=attributes)
        self.fields["url"] = forms.CharField(
            label=_("数据库地址"),
            max_length=2000,
            widget=widget,
            help_text=_("例如 mysql+pymysql://用户:口令@主机/库 或 postgresql+psycopg://…；用一个只能读的账号"),
        )
        self.fields["query"] = forms.CharField(
            label=_("查询"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
            help_text=_("列名用 id、kind、occurred_at、customer_id、order_id、product、region、store、segment、amount、status"),
        )  # fmt: skip
        self.fields["rising"] = forms.CharField(
            label=_("递增列"), max_length=100, required=False, help_text=_("写了它，查询里就用 :after（上次取到的位置）并按它排序")
        )
        self.fields["start"] = forms.CharField(label=_("从哪里开始"), max_length=100, required=False, initial="0")
        self.fields["cron"] = forms.CharField(label=_("多久取一次"), max_length=120, required=False, help_text=_("cron 写法；留空只手动"))

    @property
    def query(self) -> dict[str, Any]:
        """The settings of the database."""
        return {name: self.cleaned_data[name] for name in ("url", "query", "rising", "start") if name in self.cleaned_data}


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label=_("文件"), help_text=_("CSV、Excel、JSON、Parquet，也可以是压缩包"))


class ColumnsForm(forms.Form):
    """Which column is what; prefilled with what the names say."""

    def __init__(self, columns: list[str], guessed: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("没有"))] + [(one, one) for one in columns]
        for role in ROLES:
            needed = role == "time"
            self.fields[role] = forms.ChoiceField(
                label=ROLE_NAMES[role], choices=choices[1:] if needed else choices, required=needed, initial=guessed.get(role, "")
            )

    @property
    def mapping(self) -> dict[str, str]:
        """Role → column, where there is one."""
        return {role: name for role, name in self.cleaned_data.items() if name}

"""Forms of sources. The fields of a kind come from its adapter."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.files import ReadOptions
from huiyin.server.collect.sources.adapter import Adapter, Setting
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.sealing import SHOWN

ROLE_NAMES: dict[str, Any] = {
    "text": _("正文"),
    "title": _("标题"),
    "id": _("编号"),
    "time": _("时间"),
    "rating": _("评分"),
    "product": _("产品"),
    "customer": _("客户"),
    "brand": _("品牌"),
    "region": _("地区"),
    "store": _("门店"),
    "segment": _("人群"),
}


class SourceForm(forms.Form):
    """Name and habits of a source, and the settings of its kind under `set_…`."""

    name = forms.CharField(label=_("名称"), max_length=100)
    channel = forms.CharField(label=_("渠道"), max_length=100, required=False, help_text=_("记录自己没写渠道时用它"))
    keep_days = forms.IntegerField(label=_("原文保留天数"), min_value=0, max_value=36500, required=False, help_text=_("0 一直保留，以后才能重读"))
    stale_after_hours = forms.IntegerField(label=_("多少小时没来就提醒"), min_value=0, max_value=8760, required=False, help_text=_("0 不提醒"))

    def __init__(self, adapter: Adapter, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        self.adapter = adapter
        if source is not None and "initial" not in kwargs:
            kwargs["initial"] = _initial(source, adapter)
        super().__init__(*args, **kwargs)
        if adapter.pulls:
            help_text = _("cron 写法，例如 */15 * * * * 是每 15 分钟；留空只手动")
            self.fields["cron"] = forms.CharField(label=_("多久取一次"), max_length=120, required=False, help_text=help_text)
        for setting in adapter.settings:
            self.fields[f"set_{setting.name}"] = _field(setting, new=source is None)

    @property
    def setting_fields(self) -> list[tuple[Any, str, str]]:
        """The bound fields of the kind; each with the choice it depends on and the values for which it matters, if there is one."""
        return [
            (self[f"set_{one.name}"], f"set_{one.when[0]}" if one.when else "", " ".join(one.when[1]) if one.when else "")
            for one in self.adapter.settings
        ]

    @property
    def values(self) -> dict[str, Any]:
        """The settings of the kind."""
        return {one.name: self.cleaned_data.get(f"set_{one.name}", "") for one in self.adapter.settings}

    @property
    def habits(self) -> dict[str, Any]:
        """Everything else."""
        given = self.cleaned_data
        found = {"name": given["name"], "channel": given["channel"], "cron": given.get("cron", "")}
        return found | {name: given[name] or 0 for name in ("keep_days", "stale_after_hours")}


def _field(setting: Setting, new: bool) -> forms.Field:
    common: dict[str, Any] = {"label": setting.label, "required": setting.required, "help_text": setting.help, "initial": setting.default}
    if setting.kind == "choice":
        return forms.ChoiceField(choices=list(setting.choices), **common)
    if setting.kind == "number":
        return forms.IntegerField(**common)
    if setting.kind == "yes":
        return forms.BooleanField(**{**common, "required": False})
    if setting.kind == "lines":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}), max_length=20_000, **common)
    if setting.kind == "secret":
        # Of a new source it is in sight, so that it can be copied to the sender; once kept it never is again.
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        widget = forms.TextInput(attrs=attributes) if new else forms.PasswordInput(render_value=True, attrs=attributes)
        return forms.CharField(widget=widget, max_length=10_000, **common)
    return forms.CharField(max_length=2000, **common)


def _initial(source: Source, adapter: Adapter) -> dict[str, Any]:
    kept = source.secrets
    found = {name: getattr(source, name) for name in ("name", "channel", "cron", "keep_days", "stale_after_hours")}
    for setting in adapter.settings:
        value = SHOWN if setting.kind == "secret" and kept.get(setting.name) else source.config.get(setting.name, "")
        found[f"set_{setting.name}"] = json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict) and value else value or ""
    return found


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of them."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            return super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    """Files, and the source they belong to."""

    files = FilesField(label=_("文件"), help_text=_("CSV、Excel、JSON、Parquet 或压缩包，可以一次选几个"))
    source = forms.ModelChoiceField(label=_("属于哪个来源"), queryset=Source.objects.none(), required=False, empty_label=_("新来源"))
    name = forms.CharField(label=_("新来源的名称"), max_length=100, required=False, help_text=_("留空用文件名"))

    def __init__(self, sources: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources


class CallsForm(forms.Form):
    """Transcripts and recordings."""

    files = FilesField(
        label=_("文件"),
        help_text=_("文本（TXT、SRT、VTT、JSON、CSV）与录音，同名的算一通；也可以是装着它们的 ZIP。录音要与文本一起放在 ZIP 里，或一次选上"),
    )


class ColumnsForm(forms.Form):
    """Which column is what; prefilled with what was found out."""

    def __init__(self, columns: list[str], guessed: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("没有"))] + [(one, one) for one in columns]
        for role in ReadOptions.COLUMN_ROLES:
            label, needed = ROLE_NAMES[role], role == "text"
            self.fields[role] = forms.ChoiceField(
                label=label, choices=choices[1:] if needed else choices, required=needed, initial=guessed.get(role, "")
            )
        self.fields["channel"] = forms.CharField(label=_("渠道"), max_length=100, required=False, help_text=_("整个文件一个渠道时填"))

    @property
    def read(self) -> dict[str, Any]:
        """What the run is told: an empty column says that there is none."""
        given = dict(self.cleaned_data)
        channel = given.pop("channel")
        return given | ({"channel": channel} if channel else {})


class ManualForm(forms.Form):
    """One voice, written down by whoever heard it."""

    text = forms.CharField(label=_("客户说了什么"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "autofocus": True}))
    channel = forms.CharField(label=_("渠道"), max_length=100, required=False, initial="电话")
    customer_id = forms.CharField(label=_("客户"), max_length=200, required=False, help_text=_("编号、电话或会员号；存成化名"))
    product = forms.CharField(label=_("产品"), max_length=200, required=False)
    store = forms.CharField(label=_("门店"), max_length=200, required=False)
    occurred_at = forms.DateTimeField(
        label=_("什么时候"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), help_text=_("留空是现在")
    )
    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

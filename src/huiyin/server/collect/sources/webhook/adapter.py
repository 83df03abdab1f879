"""The source behind `POST /sources/hooks/<key>/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.webhook.mapping import check_mapping, record_of
from huiyin.server.collect.sources.webhook.presets import PRESETS


class Webhook(Adapter):
    """Another system pushes each record the moment it is made."""

    kind = "webhook"
    name = _("网络推送")
    about = _("飞书、企业微信、钉钉、Zendesk、问卷星……有新的就推来，验过签名才收")
    settings = (
        Setting("preset", _("从哪里推来"), "choice", True, choices=[(name, one.label) for name, one in PRESETS.items()], default="generic"),
        Setting("secret", _("密钥"), "secret", True, _("用来验签名；存好后不再显示")),
        Setting("token", _("令牌"), "secret", help=_("飞书的 Verification Token，企业微信的 Token")),
        Setting("receiver", _("接收方"), "text", help=_("企业微信的 CorpID")),
        Setting("mapping", _("字段对应"), "lines", help=_("JSON：字段 → JSONPath；留空用这个来源的默认对应")),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """The mapping is read and tried."""
        kept = dict(config)
        given = kept.get("mapping") or ""
        if isinstance(given, str) and given.strip():
            try:
                given = json.loads(given)
            except ValueError as error:
                raise SourceRefused(f"字段对应不是 JSON：{error}", f"The mapping is no JSON: {error}", "mapping") from None
        if not isinstance(given, str | dict):
            raise SourceRefused("字段对应要是一个 JSON 对象", "The mapping has to be a JSON object", "mapping")
        if isinstance(given, dict) and given:
            check_mapping(given)
        kept["mapping"] = given if isinstance(given, dict) else {}
        for name in PRESETS[kept["preset"]].needs:
            if not (secrets.get(name) or kept.get(name)):
                raise SourceRefused(f"这种推送还需要填「{name}」", f"This kind of push also needs '{name}'", name)
        return kept

    def test(self, source: Source) -> Trial:
        """Nothing to call: say where the sender has to push to."""
        path = f"/sources/hooks/{source.key}/"
        return Trial(f"设置可用，把推送地址填成 {path}", f"The settings are usable; let it push to {path}", {"path": path})

    def map(self, source: Source, raw: str) -> list[Entry]:
        """A kept element, mapped again."""
        return [entry_or_reject(record_of(json.loads(raw), mapping_of(source)), raw=raw)]


def mapping_of(source: Source) -> dict[str, str]:
    """The mapping of a source: its own, or that of its preset."""
    own: dict[str, str] = source.config.get("mapping") or {}
    return own or PRESETS[source.config["preset"]].mapping


ADAPTER = Webhook()

"""Taking in what is pushed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from huiyin.server.collect.feedback.services import Receipt, take
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.webhook.adapter import mapping_of
from huiyin.server.collect.sources.webhook.envelopes import flat_xml, opened_lark, opened_wecom, sealed_wecom
from huiyin.server.collect.sources.webhook.mapping import mapped
from huiyin.server.collect.sources.webhook.presets import PRESETS
from huiyin.server.collect.sources.webhook.signatures import SCHEMES, NotGenuine, Push


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender is told. `body` is JSON, or bare text where `plain`."""

    body: Any
    plain: bool = False


def push_take(source: Source, push: Push) -> Reply:
    """Check the signature, map, keep. What has no text is kept as rejected: the sender has done its part and need not send it again.

    Raises:
        NotGenuine: nothing was kept.
    """
    preset = PRESETS[source.config["preset"]]
    secrets = {**source.config, **source.secrets}
    SCHEMES[preset.scheme](push, secrets)
    said, reply = _opened(preset.scheme, push, secrets)
    if reply is not None:
        return reply
    if preset.scheme == "chatwoot" and (said.get("event") != "message_created" or said.get("message_type") not in ("incoming", 0)):
        return Reply({"kept": 0})
    receipts: list[Receipt] = take(source.pk, mapped(said, mapping_of(source)))
    return Reply("success", plain=True) if preset.scheme == "wecom" else Reply({"kept": sum(one.status != "same" for one in receipts)})


def _opened(scheme: str, push: Push, secrets: dict[str, Any]) -> tuple[Any, Reply | None]:
    """The body in clear, or the answer to the question a sender asks when it is set up."""
    if scheme == "wecom":
        if "echostr" in push.query:
            return None, Reply(opened_wecom(push.query["echostr"], secrets), plain=True)
        clear = opened_wecom(sealed_wecom(push.body), secrets)
        return (json.loads(clear) if clear.lstrip().startswith("{") else flat_xml(clear)), None
    said = push.json()
    if scheme == "lark":
        said = opened_lark(said, secrets)
        if isinstance(said, dict) and said.get("type") == "url_verification":
            return None, Reply({"challenge": str(said.get("challenge", ""))[:500]})
    if not isinstance(said, dict | list):
        raise NotGenuine("the body is no JSON object")
    return said, None

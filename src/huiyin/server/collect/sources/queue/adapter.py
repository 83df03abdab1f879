"""A queue that other systems put messages into. Read without end while the server lives; see `listening`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.identity import digest
from huiyin.server.collect.feedback.records import dumps
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject, rejected
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.queue.broker import PORTS, open_broker
from huiyin.server.collect.sources.webhook.mapping import check_mapping, mapped, record_of

LARGEST = 5 * 1024 * 1024
PLAIN = {name: f"$.{name}" for name in ("text", "title", "external_id", "occurred_at", "customer_id", "channel", "product", "store", "rating")}


class Queue(Adapter):
    """Messages with a JSON body."""

    kind = "queue"
    name = _("消息队列")
    about = _("RabbitMQ（AMQP）：别的系统往队列里放，这边一直收；存好了才确认，断了自己再连")
    previews = True
    settings = (
        Setting("host", _("服务器"), "text", True, _("例如 mq.example.com")),
        Setting("tls", _("加密"), "choice", True, choices=[("tls", "TLS"), ("none", _("不加密"))], default="tls"),
        Setting("port", _("端口"), "number", help=_("留空：TLS 是 5671，不加密是 5672")),
        Setting("vhost", _("虚拟主机"), "text", True, default="/"),
        Setting("user", _("用户名"), "text", True),
        Setting("password", _("密码"), "secret", True, _("用一个只能读这个队列的账号")),
        Setting("queue", _("队列"), "text", True, _("要先在那边建好；这里不建、不改")),
        Setting("prefetch", _("一次最多取几条"), "number", help=_("没确认的最多这么多，1 到 1000"), default=100),
        Setting("mapping", _("字段对应"), "lines", help=_("JSON：字段 → JSONPath；留空就按同名的字段读")),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """Host, port, prefetch and mapping are such."""
        host = str(config["host"]).strip()
        if not host or any(sign in host for sign in "/ @\r\n"):
            raise SourceRefused("服务器只写主机名", "The server is a host name only", "host")
        port = config.get("port") or PORTS[str(config["tls"])]
        if not str(port).isdigit() or not 0 < int(port) < 65536:
            raise SourceRefused("端口要在 1 到 65535 之间", "The port has to lie between 1 and 65535", "port")
        prefetch = config.get("prefetch") or 100
        if not str(prefetch).isdigit() or not 1 <= int(prefetch) <= 1000:
            raise SourceRefused("要在 1 到 1000 之间", "It has to lie between 1 and 1000", "prefetch")
        return {**config, "host": host, "port": int(port), "prefetch": int(prefetch), "mapping": _mapping(config.get("mapping") or {})}

    def test(self, source: Source) -> Trial:
        """Connect, and ask how many messages wait."""
        with open_broker(source.config, password_of(source)) as connection, connection.channel() as channel:
            _name, waiting, _others = channel.queue_declare(source.config["queue"], passive=True)
        return Trial(f"连上了，队列里有 {waiting:,} 条在等", f"Connected; {waiting:,} messages wait in the queue", {"messages": waiting})

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The next messages as records. They are looked at without being confirmed, so that they stay in the queue."""
        found: list[dict[str, Any]] = []
        with open_broker(source.config, password_of(source)) as connection, connection.channel() as channel:
            while len(found) < most and (message := channel.basic_get(source.config["queue"])) is not None:
                found += [json.loads(one.record or one.raw) if not one.reason else {"rejected": one.detail} for one in entries_of(source, message)]
        return found[:most]

    def map(self, source: Source, raw: str) -> list[Entry]:
        """A kept message, mapped again."""
        said = json.loads(raw)
        return [] if "unreadable" in said else [_named(entry_or_reject(record_of(said, mapping_of(source)), raw=raw), raw, "")]


def entries_of(source: Source, message: Any) -> list[Entry]:
    """The entries of a message as the broker gave it. What cannot be used becomes an entry too: it must not come again and again.

    A record without an id of its own is known by the message's id; without that by its words, for a message may be delivered twice.
    """
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode("utf-8", "surrogatepass")
    mark = str(message.properties.get("message_id") or "")
    place = f"{source.config['queue']} · {mark}" if mark else str(source.config["queue"])
    if len(body) > LARGEST:
        return [rejected(dumps({"unreadable": body[:500].decode("utf-8", "replace")}), "too_large", f"超过 {LARGEST >> 20} MB", place)]
    try:
        said = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return [rejected(dumps({"unreadable": body[:20_000].decode("utf-8", "replace")}), "not_json", "消息不是 JSON（UTF-8）", place)]
    if not isinstance(said, dict | list):
        return [rejected(dumps({"unreadable": said}), "not_object", "消息要是一个 JSON 对象", place)]
    found = mapped(said, mapping_of(source))
    return [_named(one, one.raw, f"{mark}/{number}" if mark and len(found) > 1 else mark) for number, one in enumerate(found)]


def _named(entry: Entry, raw: str, mark: str) -> Entry:
    """An entry under a name that stays the same when its message is delivered again."""
    if not entry.external_id.startswith("~"):
        return entry
    return replace(entry, external_id=f"~{mark[:190] or digest(raw)}")


def mapping_of(source: Source) -> dict[str, str]:
    """The mapping of a source: its own, or fields of the same names."""
    return source.config.get("mapping") or PLAIN


def password_of(source: Source) -> str:
    """The sealed password."""
    return str(source.secrets.get("password", ""))


def _mapping(given: Any) -> dict[str, str]:
    if isinstance(given, str):
        try:
            given = json.loads(given) if given.strip() else {}
        except ValueError as error:
            raise SourceRefused(f"字段对应不是 JSON：{error}", f"The mapping is no JSON: {error}", "mapping") from None
    if not isinstance(given, dict):
        raise SourceRefused("字段对应要是一个 JSON 对象", "The mapping has to be a JSON object", "mapping")
    if given:
        check_mapping(given)
    return given


ADAPTER = Queue()

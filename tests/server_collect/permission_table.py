"""Who may do what on the screens of sources and at the intake; see `tests/server/permission_table.py`."""

from __future__ import annotations

from tests.server.permission_table import ANYONE, Line
from tests.server.world import World

MANAGERS = frozenset({"administrator", "cx_lead", "analyst"})
SENDERS = frozenset({"administrator", "cx_lead", "analyst", "service_agent", "store_manager"})


def prepare(world: World) -> None:
    """A source, a run of it, a draft of an upload."""
    from huiyin.server.collect.sources.models import SourceRun
    from huiyin.server.collect.sources.services import source_make

    world.more["source"] = source_make("rest", "门店")
    world.more["feed"] = source_make("rss", "论坛", {"url": "http://127.0.0.1:9/feed"})
    world.more["hook"] = source_make("webhook", "推送", {"preset": "generic", "secret": "一个只在这里用的密钥"})
    world.more["box"] = source_make("box", "意见箱", {"address": "only-for-this-test"})
    world.more["calls"] = source_make("transcripts", "热线")
    world.more["calls_draft"] = SourceRun.objects.create(source=world.more["calls"], options={"files": ["gone/gone.txt"], "draft": True})
    world.more["run"] = SourceRun.objects.create(source=world.more["feed"])
    world.more["draft"] = SourceRun.objects.create(source=world.more["source"], options={"files": ["gone/gone.csv"], "draft": True})


def _number(name: str):
    return lambda world: [world.more[name].pk]


TABLE: dict[str, Line] = {
    "sources:monitor": Line(get=MANAGERS),
    "sources:add": Line(get=MANAGERS),
    "sources:make": Line(get=MANAGERS, post=MANAGERS, args=lambda world: ["rss"]),
    "sources:upload": Line(get=MANAGERS, post=MANAGERS),
    "sources:columns": Line(get=MANAGERS, post=MANAGERS, args=_number("draft")),
    "sources:calls": Line(get=MANAGERS, post=MANAGERS, args=_number("calls")),
    "sources:calls_look": Line(get=MANAGERS, post=MANAGERS, args=_number("calls_draft")),
    "sources:manual": Line(get=SENDERS, post=SENDERS),
    "sources:run": Line(get=MANAGERS, args=_number("run")),
    "sources:run_stop": Line(post=MANAGERS, args=_number("run")),
    "sources:source": Line(get=MANAGERS, args=_number("source")),
    "sources:change": Line(get=MANAGERS, post=MANAGERS, args=_number("source")),
    "sources:test": Line(post=MANAGERS, args=_number("feed")),
    "sources:preview": Line(post=MANAGERS, args=_number("feed")),
    "sources:run_now": Line(post=MANAGERS, args=_number("feed")),
    "sources:switch": Line(post=MANAGERS, args=_number("source")),
    "sources:rejects": Line(get=MANAGERS, args=_number("source")),
    "sources:rejects_export": Line(get=MANAGERS, args=_number("source")),
    "sources:rejects_again": Line(post=MANAGERS, args=_number("source")),
    "sources:hook": Line(args=lambda world: [world.more["hook"].key]),  # open, but says 401 to whoever does not sign
    "sources:box": Line(get=ANYONE, post=ANYONE, args=lambda world: ["only-for-this-test"]),
    "sources:box_thanks": Line(get=ANYONE, args=lambda world: ["only-for-this-test"]),
    "sources:codes": Line(get=MANAGERS, args=_number("box")),
    "sources:code": Line(get=MANAGERS, args=lambda world: [world.more["box"].pk, "svg"]),
    "api:feedback": Line(post=SENDERS),
    "api:feedback_batch": Line(post=SENDERS),
    "api:sources": Line(get=MANAGERS, post=MANAGERS),
    "api:source_make": Line(get=MANAGERS, post=MANAGERS),
    "api:source_kinds": Line(get=MANAGERS),
    "api:source_run": Line(get=MANAGERS, args=_number("run")),
    "api:source_run_cancel": Line(post=MANAGERS, args=_number("run")),
    "api:source": Line(get=MANAGERS, post=MANAGERS, args=_number("source")),
    "api:source_change": Line(get=MANAGERS, post=MANAGERS, args=_number("source")),
    "api:source_test": Line(post=MANAGERS, args=_number("feed")),
    "api:source_preview": Line(post=MANAGERS, args=_number("feed")),
    "api:source_run_now": Line(post=MANAGERS, args=_number("feed")),
    "api:source_runs": Line(get=MANAGERS, args=_number("source")),
    "api:source_rejects": Line(get=MANAGERS, args=_number("source")),
    "api:source_rejects_export": Line(get=MANAGERS, args=_number("source")),
    "api:source_rejects_again": Line(post=MANAGERS, args=_number("source")),
}

KEY_TABLE: dict[str, str] = {
    "api:feedback": "voices.send",
    "api:feedback_batch": "voices.send",
    "api:sources": "sources.read",
    "api:source_make": "sources.read",
    "api:source_kinds": "sources.read",
    "api:source_run": "sources.read",
    "api:source_run_cancel": "sources.manage",
    "api:source": "sources.read",
    "api:source_change": "sources.read",
    "api:source_test": "sources.manage",
    "api:source_preview": "sources.manage",
    "api:source_run_now": "sources.manage",
    "api:source_runs": "sources.read",
    "api:source_rejects": "sources.read",
    "api:source_rejects_export": "sources.manage",
    "api:source_rejects_again": "sources.manage",
}

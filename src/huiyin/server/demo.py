"""The demo company: a year of simulated voices that come in through the upload like any file, teams, and people of every role.

Passwords are drawn anew for each data folder, printed once, and good on this machine only: the demo listens nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROWS = 8000
_PEOPLE: tuple[tuple[str, str, tuple[str, ...], dict[str, list[str]]], ...] = (
    ("管理员", "周砚", ("administrator", "cx_lead"), {}),
    ("分析师", "何穗", ("analyst",), {}),
    ("产品", "林沐", ("product",), {"product": ["栖川平板 T11"]}),
    ("市场", "苏芮", ("marketing",), {}),
    ("客服", "陈吉", ("service_agent",), {}),
    ("门店经理", "马骏", ("store_manager",), {"region": ["华东"]}),
    ("高管", "沈一诺", ("executive",), {}),
)
_TEAMS = ("客户体验部", "电商产品小组", "交付履约", "硬件质量", "客户服务")
_IN_TEAM = ("客户体验部", "客户体验部", "电商产品小组", "客户体验部", "客户服务", "交付履约", "")
"""The team of each person, in the order of `_PEOPLE`."""
_MAIL = ("lead", "analyst", "product", "marketing", "agent", "store", "executive")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as."""

    post: str
    name: str
    email: str
    password: str


@dataclass(slots=True)
class _Sample:
    """The simulated file as an upload hands it over."""

    path: Path
    name: str

    def chunks(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                yield piece


def fill(folder: Path, rows: int = ROWS) -> list[Account]:
    """Make the company in an empty data folder; gives nobody where there is somebody already."""
    from huiyin.server.foundation.people.models import User

    if User.objects.exists():
        return []
    sample = _voices(folder, rows)
    _operations(folder, rows)
    return _people(_store_of(sample))


def _voices(folder: Path, rows: int) -> Path:
    """Write the sample and hand it to the upload; the server takes it in once it runs."""
    from huiyin.server.collect.sources.services import source_make
    from huiyin.server.collect.sources.upload.services import keep_file, upload_prepare, upload_start
    from huiyin.server.foundation.writing import state_write
    from huiyin.server.understand.reading.models import ReadingSetup
    from huiyin.simulate import write_csv

    sample = folder / "sample.csv"
    write_csv(sample, rows=rows)
    with state_write():
        ReadingSetup.objects.update_or_create(pk=1, defaults={"taxonomy": "consumer_electronics"})
    source = source_make("upload", "栖川的一年（模拟）")
    upload_start(upload_prepare(source, [keep_file(_Sample(sample, "栖川的一年.csv"))]), {})
    return sample


def _operations(folder: Path, rows: int) -> None:
    """Orders and departures of the same customers, handed in as a file."""
    from huiyin.server.understand.operations.services import draft_make, feed_save, run_start
    from huiyin.simulate import write_operations

    sample = folder / "operations.csv"
    write_operations(sample, rows=rows)
    feed = feed_save(None, "file", "订单与流失（模拟）", "order", actor=None)
    draft = draft_make(feed, _Sample(sample, "订单与流失.csv"), actor=None)
    run_start(feed, draft, draft.options["mapping"])


def _store_of(sample: Path) -> str:
    """A store of the sample, for the store manager to have one."""
    import csv

    with sample.open(encoding="utf-8-sig", newline="") as file:
        return next((row["门店"] for row in csv.DictReader(file) if row.get("门店")), "")


def _people(store: str) -> list[Account]:
    from huiyin.server.demo_ownership import ownership
    from huiyin.server.foundation.people.services.teams import team_make
    from huiyin.server.foundation.people.services.users import user_make

    accounts, made = [], []
    lead = None
    for (post, name, roles, scope), mail in zip(_PEOPLE, _MAIL, strict=True):
        password = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}"
        limited = {"store": [store]} if "store_manager" in roles and store else scope
        user = user_make(email=f"{mail}@qichuan.example", display_name=name, password=password, roles=roles, scope=limited)
        lead = lead or user
        made.append(user)
        accounts.append(Account(post, name, user.email, password))
    assert lead is not None
    teams = {team: team_make(actor=lead, name=team, parent=None, scope={}) for team in _TEAMS}
    for user, team in zip(made, _IN_TEAM, strict=True):
        user.team = teams.get(team)
        user.save(update_fields=["team"])
    ownership(teams, dict(zip(_MAIL, made, strict=True)))
    return accounts

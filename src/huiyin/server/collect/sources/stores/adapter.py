"""Reviews of the App Store and of Google Play, by schedule. An edited review replaces what it said before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.records import moment
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Pulled, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.stores import play
from huiyin.server.collect.sources.stores.apple import review_pages
from huiyin.server.collect.sources.stores.google import GoogleApi, account_of

_STEP = 500
_OVERLAP = 86_400
"""Seconds before the last known review that are looked at again: storefronts do not show a review everywhere at once."""
_CHANNELS = {"apple": "App Store", "play": "Google Play", "play_files": "Google Play"}
_COUNTRIES = re.compile(r"[a-z]{2}(?:,[a-z]{2}){0,49}\Z")
_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+\Z", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{2,220}\Z")


class Stores(Adapter):
    """Reviews of an app."""

    kind = "stores"
    name = _("应用商店评价")
    about = _("App Store 与 Google Play 里用户写的评价和星级，按时取新的；改过的评价换成新的")
    pulls = True
    settings = (
        Setting(
            "store",
            _("哪个商店"),
            "choice",
            True,
            choices=[("apple", "App Store"), ("play", _("Google Play · 接口（最近七天）")), ("play_files", _("Google Play · 每月文件（全部）"))],
            default="apple",
        ),
        Setting("app", _("应用"), "text", True, _("App Store 填数字编号，Google Play 填包名，例如 com.example.app")),
        Setting("countries", _("国家"), "text", help=_("App Store 用：两个字母，逗号分开"), default="cn", when=("store", ("apple",))),
        Setting("key", _("服务账号密钥"), "secret", help=_("Google Play 用：整段 JSON；存好后不再显示"), when=("store", ("play", "play_files"))),
        Setting(
            "bucket",
            _("存储分区"),
            "text",
            help=_("每月文件用：Play Console 下载报告页里 gs:// 后面的名字，pubsite_prod_rev_…"),
            when=("store", ("play_files",)),
        ),
        Setting("address", _("接口地址"), "text", help=_("走自己的代理时填，例如 https://proxy.example.com；留空直接连商店")),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """App, countries, key and bucket are such."""
        kept = {name: str(config.get(name) or "").strip() for name in ("store", "app", "countries", "bucket", "address")}
        kept["address"] = kept["address"].rstrip("/")
        if kept["address"] and not re.match(r"https?://[^/\s]+\Z", kept["address"]):
            raise SourceRefused("地址写成 https://主机", "Write the address as https://host", "address")
        if kept["store"] == "apple":
            kept["app"] = kept["app"].removeprefix("id")
            kept["countries"] = re.sub(r"[\s，]+", ",", kept["countries"].lower()).strip(",") or "cn"
            if not kept["app"].isascii() or not kept["app"].isdigit():
                raise SourceRefused("应用编号是数字，在商店页地址的 id 后面", "The app id is a number, behind 'id' in the store's address", "app")
            if not _COUNTRIES.match(kept["countries"]):
                raise SourceRefused("国家写两个字母，例如 cn,us", "Countries are two letters each, such as cn,us", "countries")
            return kept
        if not _PACKAGE.match(kept["app"]):
            raise SourceRefused("包名像 com.example.app", "A package name looks like com.example.app", "app")
        kept["bucket"] = kept["bucket"].removeprefix("gs://").split("/")[0]
        if kept["store"] == "play_files" and not _BUCKET.match(kept["bucket"]):
            raise SourceRefused("还没有填存储分区", "The bucket is missing", "bucket")
        account_of(str(secrets.get("key") or ""))
        return kept

    def test(self, source: Source) -> Trial:
        """Fetch the first page, or look into the bucket."""
        if source.config["store"] == "play_files":
            files = play.month_files(self._api(source), source.config["app"], source.config["bucket"], source.config["address"])
            return Trial(f"连上了，有 {len(files)} 个月的文件", f"Connected; there are files of {len(files)} months", {"files": len(files)})
        found = self.preview(source, 100)
        return Trial(f"连上了，第一页有 {len(found)} 条", f"Connected; {len(found)} reviews on the first page", {"reviews": len(found)})

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The latest reviews."""
        config = source.config
        if config["store"] == "apple":
            pages = review_pages(config["app"], config["countries"].split(",")[0], config["address"])
        elif config["store"] == "play":
            pages = play.week_pages(self._api(source), config["app"], config["address"])
        else:
            api = self._api(source)
            files = play.month_files(api, config["app"], config["bucket"], config["address"])
            pages = iter([list(play.month_records(api, config["bucket"], files[-1][1], config["address"]))[-most:]] if files else [])
        return next(pages, [])[:most]

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """What is new since `cursor`: by country the latest moment seen, by month the generation of the file."""
        steps = {"apple": self._apple, "play": self._play, "play_files": self._play_files}
        yield from steps[source.config["store"]](source, dict(cursor or {}))

    def _apple(self, source: Source, cursor: dict[str, Any]) -> Iterator[Pulled]:
        config, done = source.config, 0
        for country in config["countries"].split(","):
            known = float(cursor.get(country, 0))
            newest = known
            for page in review_pages(config["app"], country, config["address"]):
                times = [_seconds(one) for one in page]
                newest = max(newest, *times)
                done += len(page)
                # Kept with the old place: cut off before the last page, the country is walked again.
                yield Pulled(_entries(source, page), cursor, done)
                if min(times) < known - _OVERLAP:
                    break
            cursor = {**cursor, country: newest}
            yield Pulled([], cursor, done)

    def _play(self, source: Source, cursor: dict[str, Any]) -> Iterator[Pulled]:
        done = 0
        for page in play.week_pages(self._api(source), source.config["app"], source.config["address"]):
            done += len(page)
            yield Pulled(_entries(source, page), cursor, done)

    def _play_files(self, source: Source, cursor: dict[str, Any]) -> Iterator[Pulled]:
        config, api, done = source.config, self._api(source), 0
        for month, name, generation in play.month_files(api, config["app"], config["bucket"], config["address"]):
            if cursor.get(month) == generation:
                continue
            records = play.month_records(api, config["bucket"], name, config["address"])
            while step := list(islice(records, _STEP)):
                done += len(step)
                yield Pulled(_entries(source, step), cursor, done)
            cursor = {**cursor, month: generation}
            yield Pulled([], cursor, done)

    def _api(self, source: Source) -> GoogleApi:
        scope = play.STORAGE_SCOPE if source.config["store"] == "play_files" else play.PUBLISHER_SCOPE
        return GoogleApi(account_of(str(source.secrets.get("key") or "")), scope)


def _entries(source: Source, page: list[dict[str, Any]]) -> list[Entry]:
    channel = source.channel or _CHANNELS[source.config["store"]]
    return [entry_or_reject({**one, "channel": channel}, live=False) for one in page]


def _seconds(record: Mapping[str, Any]) -> float:
    found = moment(record.get("occurred_at"))
    return found.timestamp() if found else 0.0


ADAPTER = Stores()

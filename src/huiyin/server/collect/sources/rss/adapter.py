"""A feed in RSS or Atom, by schedule. Unchanged feeds are not sent again (ETag, Last-Modified)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser  # type: ignore[import-untyped]
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.adapter import Adapter, Pulled, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject
from huiyin.server.collect.sources.markup import without_markup
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.outgoing import fetch


class Feed(Adapter):
    """Entries of a feed; each is known again by its id or link."""

    kind = "rss"
    name = _("RSS / Atom")
    about = _("论坛、评测、博客的订阅地址，按时取新条目")
    pulls = True
    settings = (Setting("url", _("订阅地址"), "text", True, _("以 http:// 或 https:// 开头")),)

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """The address is one of the web."""
        url = str(config["url"]).strip()
        if not re.match(r"https?://[^/\s]", url):
            raise SourceRefused("地址要以 http:// 或 https:// 开头", "The address has to begin with http:// or https://", "url")
        return {**config, "url": url}

    def test(self, source: Source) -> Trial:
        """Fetch it and count."""
        found, _ = self._read(source, None)
        return Trial(f"读到 {len(found)} 条", f"{len(found)} entries found", {"entries": len(found)})

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The first entries."""
        return self._read(source, None)[0][:most]

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """All entries of the feed, if it changed since `cursor`."""
        found, following = self._read(source, cursor)
        yield Pulled([entry_or_reject(one, live=False) for one in found], following, len(found), len(found))

    def _read(self, source: Source, cursor: Any) -> tuple[list[dict[str, Any]], dict[str, str]]:
        known: dict[str, str] = cursor or {}
        sent = {"If-None-Match": known.get("etag", ""), "If-Modified-Since": known.get("modified", "")}
        answer = fetch(source.config["url"], headers={name: value for name, value in sent.items() if value})
        if answer.status == 304:
            return [], known
        if answer.status != 200:
            raise SourceRefused(f"订阅地址回了 {answer.status}", f"The feed answered {answer.status}", passing=answer.status >= 500)
        parsed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers.get("content-type", "")})
        if not parsed.entries and not parsed.version:
            raise SourceRefused("这个地址不是 RSS 或 Atom", "This address is no RSS or Atom feed", "url")
        kept = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
        return [_record(one) for one in parsed.entries], kept


def _record(entry: Any) -> dict[str, Any]:
    contents = entry.get("content") or [{"value": entry.get("summary", "")}]
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    name = str(entry.get("id") or entry.get("link") or "")
    return {
        "external_id": name[:200] or None,
        "title": without_markup(str(entry.get("title", ""))),
        "text": without_markup(str(contents[0].get("value", ""))),
        "url": str(entry.get("link", "")) or None,
        "customer_id": str(entry.get("author", "")) or None,
        "occurred_at": datetime.fromtimestamp(calendar.timegm(stamp), UTC).isoformat() if stamp else None,
    }


ADAPTER = Feed()

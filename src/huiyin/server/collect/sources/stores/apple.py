"""The App Store's feed of customer reviews: public, by country, the latest five hundred.

As JSON, `https://itunes.apple.com/<country>/rss/customerreviews/page=<1–10>/id=<app>/sortby=mostrecent/json`; now and then that comes
empty while the same as XML does not, so an empty first page is asked for once more as XML (Atom with Apple's `im:` elements).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import feedparser  # type: ignore[import-untyped]

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.markup import without_markup
from huiyin.server.collect.sources.outgoing import fetch

ADDRESS = "https://itunes.apple.com"
PAGES = 10


def review_pages(app: str, country: str, address: str = "") -> Iterator[list[dict[str, Any]]]:
    """Records of the reviews of a country, page by page, the latest first.

    Raises:
        SourceRefused: no such app or country, or no answer.
    """
    for number in range(1, PAGES + 1):
        found = _page(app, country, number, "json", address)
        if not found and number == 1:
            found = _page(app, country, number, "xml", address)
        if not found:
            return
        yield found


def _page(app: str, country: str, number: int, form: str, address: str) -> list[dict[str, Any]]:
    url = f"{address or ADDRESS}/{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/{form}"
    answer = fetch(url)
    if answer.status in (400, 403, 404) and number > 1:
        # Beyond the last page some storefronts answer so.
        return []
    if answer.status != 200:
        raise SourceRefused(
            f"App Store（{country}）回了 {answer.status}：检查应用编号和国家",
            f"The App Store ({country}) answered {answer.status}: check app id and country",
            passing=answer.status >= 500 or answer.status == 429,
        )
    found = _of_json(answer.body) if form == "json" else _of_xml(answer.body)
    for record in found:
        record["attributes"]["country"] = country
    return found


def _of_json(body: bytes) -> list[dict[str, Any]]:
    try:
        feed = json.loads(body)["feed"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SourceRefused("App Store 的回答读不懂", "The answer of the App Store cannot be read", passing=True) from None
    given = feed.get("entry", []) if isinstance(feed, dict) else []
    # A lone review is no list; the first entry of an old feed is the app itself, which has no stars.
    entries = given if isinstance(given, list) else [given]
    return [_record_of_json(one) for one in entries if isinstance(one, dict) and "im:rating" in one]


def _record_of_json(entry: dict[str, Any]) -> dict[str, Any]:
    def label(*path: str) -> str:
        found: Any = entry
        for name in (*path, "label"):
            found = found.get(name, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, str) else ""

    author = label("author", "uri").rstrip("/").rsplit("/", 1)[-1]
    return _record(label("id"), label("title"), label("content"), label("updated"), label("im:rating"), label("im:version"), author)


def _of_xml(body: bytes) -> list[dict[str, Any]]:
    parsed = feedparser.parse(body, response_headers={"content-type": "application/xml"})
    if not parsed.version:
        raise SourceRefused("App Store 的回答读不懂", "The answer of the App Store cannot be read", passing=True)
    return [_record_of_xml(one) for one in parsed.entries if one.get("im_rating")]


def _record_of_xml(entry: Any) -> dict[str, Any]:
    contents = entry.get("content") or [{"value": entry.get("summary", ""), "type": "text/html"}]
    chosen = next((one for one in contents if one.get("type") == "text/plain"), contents[0])
    text = chosen["value"] if chosen.get("type") == "text/plain" else without_markup(chosen["value"])
    author = str((entry.get("author_detail") or {}).get("href", "")).rstrip("/").rsplit("/", 1)[-1]
    name = str(entry.get("id", "")).rsplit("/", 1)[-1]
    return _record(name, entry.get("title", ""), text, entry.get("updated", ""), entry.get("im_rating", ""), entry.get("im_version", ""), author)


def _record(name: str, title: str, text: str, updated: str, stars: str, version: str, author: str) -> dict[str, Any]:
    return {
        "external_id": name or None,
        "title": title,
        "text": text,
        "occurred_at": updated or None,
        "customer_id": f"appstore:{author}" if author else None,
        "score": float(stars) if stars.isdigit() else None,
        "scale_max": 5,
        "metric": "csat",
        "attributes": {"version": version} if version else {},
    }

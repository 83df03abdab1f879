"""Google Play, the two ways Google offers: the API, which tells the reviews of the last week, and the monthly files of the Play Console.

There is no public feed. The API (androidpublisher v3, `reviews.list`) gives reviews with words that were written or changed within seven
days; the files (`reviews/reviews_<package>_<YYYYMM>.csv`, UTF-16, in the console's storage bucket, a day or two behind) reach back to the
beginning. Both name a review by the same id.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.stores.google import GoogleApi

PUBLISHER = "https://androidpublisher.googleapis.com"
STORAGE = "https://storage.googleapis.com"
PUBLISHER_SCOPE = "https://www.googleapis.com/auth/androidpublisher"
STORAGE_SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"
LARGEST_FILE = 100 * 1024 * 1024
_MONTH = re.compile(r"_(\d{6})\.csv\Z")
_MOST_PAGES = 1000


def week_pages(api: GoogleApi, package: str, address: str = "") -> Iterator[list[dict[str, Any]]]:
    """Records of the reviews of the last seven days, page by page."""
    token = ""
    for _ in range(_MOST_PAGES):
        query = urlencode({"maxResults": 100, **({"token": token} if token else {})})
        said = api.json(f"{address or PUBLISHER}/androidpublisher/v3/applications/{quote(package)}/reviews?{query}")
        reviews = said.get("reviews") or []
        yield [found for one in reviews if isinstance(one, dict) and (found := _record_of_api(one))]
        token = str((said.get("tokenPagination") or {}).get("nextPageToken") or "")
        if not token:
            return


def _record_of_api(review: Mapping[str, Any]) -> dict[str, Any] | None:
    """The customer's part of a review; the developer's answer is not hers. Without her part it is none."""
    said = next(
        (one["userComment"] for one in review.get("comments") or [] if isinstance(one, dict) and isinstance(one.get("userComment"), dict)), None
    )
    if said is None:
        return None
    # A title, where there is one, stands before a tab. With a translation asked for, the customer's own words are `originalText`.
    title, tab, text = str(said.get("originalText") or said.get("text") or "").partition("\t")
    seconds = (said.get("lastModified") or {}).get("seconds")
    about = {
        "version": said.get("appVersionName"),
        "version_code": said.get("appVersionCode"),
        "language": said.get("reviewerLanguage"),
        "device": (said.get("deviceMetadata") or {}).get("productName") or said.get("device"),
        "android": said.get("androidOsVersion"),
    }
    return _record(str(review.get("reviewId") or ""), title if tab else "", text if tab else title, seconds, said.get("starRating"), about)


def month_files(api: GoogleApi, package: str, bucket: str, address: str = "") -> list[tuple[str, str, str]]:
    """(month, name, generation) of the files of the bucket, the oldest first. A file that was written anew has another generation."""
    found, token = [], ""
    for _ in range(_MOST_PAGES):
        query = urlencode({"prefix": f"reviews/reviews_{package}_", **({"pageToken": token} if token else {})})
        said = api.json(f"{address or STORAGE}/storage/v1/b/{quote(bucket, safe='')}/o?{query}")
        for one in said.get("items") or []:
            if month := _MONTH.search(str(one.get("name", ""))):
                found.append((month[1], str(one["name"]), str(one.get("generation") or one.get("etag") or "")))
        token = str(said.get("nextPageToken") or "")
        if not token:
            break
    return sorted(found)


def month_records(api: GoogleApi, bucket: str, name: str, address: str = "") -> Iterator[dict[str, Any]]:
    """Records of a file. Stars without words are left out, as the API does."""
    url = f"{address or STORAGE}/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}?alt=media"
    return file_records(api.get(url, LARGEST_FILE), name)


def file_records(body: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Records of the bytes of such a file."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_FILE))
    rows = csv.DictReader(io.StringIO(body.decode(encoding, "replace"), newline=""))
    try:
        if "Star Rating" not in (rows.fieldnames or []):
            raise SourceRefused(f"{name} 不是 Play Console 的评价文件", f"{name} is no review file of the Play Console")
        for row in rows:
            words = (row.get("Review Text") or "").strip()
            if words or (row.get("Review Title") or "").strip():
                yield _record_of_row(row)
    except csv.Error as error:
        at = rows.line_num + 1
        raise SourceRefused(f"{name} 第 {at} 行读不下去：{error}", f"{name} cannot be read from line {at} on: {error}") from None


def _record_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    millis = row.get("Review Last Update Millis Since Epoch") or row.get("Review Submit Millis Since Epoch") or ""
    about = {
        "version": row.get("App Version Name"),
        "version_code": row.get("App Version Code"),
        "language": row.get("Reviewer Language"),
        "device": row.get("Device"),
    }
    seconds = int(millis) // 1000 if str(millis).isdigit() else None
    link = str(row.get("Review Link") or "")
    return _record(_review_id(link), row.get("Review Title") or "", row.get("Review Text") or "", seconds, row.get("Star Rating"), about)


def _review_id(link: str) -> str:
    """The id of a review within its link, which stands behind `?` or, in the console's addresses, behind `#`."""
    parts = urlsplit(link)
    for query in (parts.query, parts.fragment.partition("?")[2], parts.fragment):
        for name in ("reviewId", "reviewid"):
            if found := parse_qs(query).get(name):
                return found[0]
    return ""


def _record(name: str, title: str, text: str, seconds: Any, stars: Any, about: Mapping[str, Any]) -> dict[str, Any]:
    # Google tells a name, which many share, and no more: it does not make a customer.
    return {
        "external_id": name or None,
        "title": title.strip(),
        "text": text.strip(),
        "occurred_at": int(seconds) if str(seconds or "").isdigit() else None,
        "score": float(stars) if str(stars or "").isdigit() and int(stars) else None,
        "scale_max": 5,
        "metric": "csat",
        "attributes": {key: str(value) for key, value in about.items() if value not in (None, "")},
    }

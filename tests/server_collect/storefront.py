"""A server that answers as the App Store's feed, Google's token, publisher and storage APIs do. The reviews are made up."""

from __future__ import annotations

import csv
import http.server
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EMAIL = "reader@project.iam.gserviceaccount.com"
COLUMNS = (
    "Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device", "Review Submit Date and Time",
    "Review Submit Millis Since Epoch", "Review Last Update Date and Time", "Review Last Update Millis Since Epoch", "Star Rating",
    "Review Title", "Review Text", "Developer Reply Date and Time", "Developer Reply Millis Since Epoch", "Developer Reply Text", "Review Link",
)  # fmt: skip


def apple_review(number: int, text: str, stars: int = 2, updated: str = "2026-03-01T10:00:00-07:00", version: str = "3.2.1") -> dict[str, Any]:
    """An entry of the JSON feed."""
    return {
        "author": {"uri": {"label": f"https://itunes.apple.com/cn/reviews/id{9000 + number}"}, "name": {"label": "用户甲"}, "label": ""},
        "updated": {"label": updated},
        "im:rating": {"label": str(stars)},
        "im:version": {"label": version},
        "id": {"label": str(number)},
        "title": {"label": f"第{number}条"},
        "content": {"label": text, "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/cn/review?id=1&type=Purple%20Software"}},
        "im:voteSum": {"label": "0"},
        "im:contentType": {"attributes": {"term": "Application", "label": "应用"}},
        "im:voteCount": {"label": "0"},
    }


def apple_xml(review: dict[str, Any]) -> str:
    """The same as an entry of the XML feed."""
    label = {name: escape(review[name]["label"]) for name in ("id", "title", "content", "updated", "im:rating", "im:version")}
    return (
        f"<entry><updated>{label['updated']}</updated><id>{label['id']}</id><title>{label['title']}</title>"
        f'<content type="text">{label["content"]}</content><im:contentType term="Application" label="Application"/>'
        f"<im:voteSum>0</im:voteSum><im:voteCount>0</im:voteCount><im:rating>{label['im:rating']}</im:rating>"
        f"<im:version>{label['im:version']}</im:version>"
        f"<author><name>用户甲</name><uri>{review['author']['uri']['label']}</uri></author>"
        '<content type="html">&lt;table&gt;&lt;tr&gt;&lt;td&gt;…&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;</content></entry>'
    )


def play_review(name: str, text: str, stars: int = 1, seconds: int = 1_772_000_000, answer: str = "") -> dict[str, Any]:
    """A review of the publisher API."""
    said = {
        "text": text,
        "lastModified": {"seconds": str(seconds), "nanos": 5000000},
        "starRating": stars,
        "reviewerLanguage": "zh",
        "device": "angler",
        "androidOsVersion": 34,
        "appVersionCode": 321,
        "appVersionName": "3.2.1",
        "thumbsUpCount": 3,
        "thumbsDownCount": 0,
        "deviceMetadata": {"productName": "angler (Pixel 9)", "manufacturer": "Google"},
    }
    comments: list[dict[str, Any]] = [{"userComment": said}]
    if answer:
        comments.append({"developerComment": {"text": answer, "lastModified": {"seconds": str(seconds + 9)}}})
    return {"reviewId": name, "authorName": "王伟", "comments": comments}


def play_file(rows: list[dict[str, Any]]) -> bytes:
    """A monthly file: UTF-16 with its mark, as the console writes it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-16")


class Storefront:
    """What the server holds, and what it was asked."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form = serialization.PrivateFormat.PKCS8
        self.private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
        self.public = key.public_key()
        self.port = 0
        self.apple: dict[str, list[dict[str, Any]]] = {}
        self.json_is_empty = self.lone = False
        self.play: list[dict[str, Any]] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        self.revoked = False

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def key_file(self, **more: str) -> str:
        """The JSON key of its service account."""
        said = {"type": "service_account", "client_email": EMAIL, "private_key_id": "k1", "private_key": self.private}
        return json.dumps({**said, "token_uri": f"{self.address}/token", **more}, indent=2)

    def answer(self, path: str, query: dict[str, list[str]], token: str) -> tuple[int, bytes]:
        """What a GET gets."""
        self.asked.append(path)
        if "/rss/customerreviews/" in path:
            return self._apple(path)
        if token != "Bearer good":
            return 401, b"{}"
        if path.startswith("/androidpublisher/v3/applications/com.example.app/reviews"):
            at = int(query.get("token", ["0"])[0])
            page, rest = self.play[at : at + 2], self.play[at + 2 :]
            return 200, json.dumps({"reviews": page, **({"tokenPagination": {"nextPageToken": str(at + 2)}} if rest else {})}).encode()
        if path == "/storage/v1/b/pubsite_prod_rev_1/o":
            items = [{"name": name, "generation": mark} for name, (mark, _) in self.files.items() if name.startswith(query["prefix"][0])]
            return 200, json.dumps({"kind": "storage#objects", "items": items}).encode()
        if path.startswith("/storage/v1/b/pubsite_prod_rev_1/o/") and query.get("alt") == ["media"]:
            return 200, self.files[unquote(path.rsplit("/", 1)[-1])][1]
        return 404, b"{}"

    def _apple(self, path: str) -> tuple[int, bytes]:
        parts = path.split("/")
        country, page, form = parts[1], int(parts[4].removeprefix("page=")), parts[-1]
        if country not in self.apple:
            return 400, b"<html/>"
        shown = self.apple[country][(page - 1) * 50 : page * 50]
        if form == "xml":
            entries = "".join(apple_xml(one) for one in shown)
            head = '<feed xmlns:im="http://itunes.apple.com/rss" xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>评论</title>'
            return 200, f'<?xml version="1.0" encoding="utf-8"?>{head}{entries}</feed>'.encode()
        if self.json_is_empty or not shown:
            return 200, json.dumps({"feed": {"author": {}, "title": {"label": "评论"}}}).encode()
        return 200, json.dumps({"feed": {"author": {}, "entry": shown[0] if self.lone else shown, "title": {"label": "评论"}}}).encode()

    def token_for(self, body: bytes) -> tuple[int, bytes]:
        """What the assertion is worth."""
        said = parse_qs(body.decode())
        try:
            assert said["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            claims = jwt.decode(said["assertion"][0], self.public, algorithms=["RS256"], audience=f"{self.address}/token")
        except (jwt.PyJWTError, KeyError, AssertionError):
            return 400, b'{"error": "invalid_grant"}'
        good = claims["iss"] == EMAIL and claims["scope"].startswith("https://www.googleapis.com/auth/") and not self.revoked
        return (200, b'{"access_token": "good", "token_type": "Bearer", "expires_in": 3599}') if good else (400, b'{"error": "invalid_grant"}')


@contextmanager
def storefront() -> Iterator[Storefront]:
    """A server while the block lasts."""
    shop = Storefront()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._say(*shop.answer(parts.path, parse_qs(parts.query), self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            self._say(*shop.token_for(self.rfile.read(int(self.headers["Content-Length"]))))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

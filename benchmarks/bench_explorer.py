"""How fast the voice explorer answers over millions of voices: server time of its pages, p50 and p95.

    python benchmarks/bench_explorer.py [--rows 3000000] [--asks 20] [--json FILE]

Makes a store of drawn feedback in a temporary folder, starts a real server on it, signs a person in and asks each page `--asks` times
over HTTP, one after the other. The second column of times is of pages asked for the first time under a new filter.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.facts import generator
from benchmarks.percentiles import percentile
from tests.server_collect.running import Server

from huiyin.facts import DuckDBFacts

SIGN_IN = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from importlib import import_module
from huiyin.server.foundation.people.models import RoleGrant, User
user = User.objects.get(email="analyst@example.com")
RoleGrant.objects.get_or_create(user=user, role="cx_lead")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(json.dumps({"cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}))
"""

SEARCHED = ("送货", "闪退", "退款", "噪音", "换新", "三天", "上门", "包装破了")


def pages(asks: int) -> dict[str, list[str]]:
    """Addresses of each kind; filters differ from one ask to the next so that no answer is one remembered."""
    products, regions, segments = generator.PRODUCTS, generator.REGIONS, generator.SEGMENTS
    made: dict[str, list[str]] = {
        "latest voices": ["/voices/"] * asks,
        "product and region": [f"/voices/?product={quote(products[n % 40])}&region={quote(regions[n % 31])}" for n in range(asks)],
        "text search": [f"/voices/?q={quote(SEARCHED[n % 8])}&product={quote(products[n % 40])}" for n in range(asks)],
        "text search, everything": [f"/voices/?q={quote(SEARCHED[n % 8])}" for n in range(asks)],
        "rare text, everything": [f"/voices/?q={quote(f'不存在的词{n}')}" for n in range(asks)],
        "theme, negative, a quarter": [
            f"/voices/?aspect={generator.ASPECTS[n % 120]}&polarity=-1&since=2026-04-01&until=2026-06-30" for n in range(asks)
        ],
        "facets": [f"/voices/facets/?segment={quote(segments[n % 5])}" for n in range(asks)],
        "page 20": [f"/voices/?product={quote(products[n % 40])}&page=20" for n in range(asks)],
        "ten at random": [f"/voices/random/?product={quote(products[n % 40])}&seed={n}" for n in range(asks)],
        "customers": ["/customers/?order=worst"] * asks,
        "stream": ["/stream/"] * asks,
    }
    return made


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=3_000_000)
    options.add_argument("--asks", type=int, default=20)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        Path(folder).chmod(0o700)
        begun = time.monotonic()
        with DuckDBFacts(Path(folder) / "facts.duckdb") as facts:
            for feedback, mentions in generator.batches(given.rows):
                facts.append(feedback, mentions)
            customer = facts.query(
                "SELECT customer_id AS c, count(*) AS n FROM voice WHERE customer_id IS NOT NULL GROUP BY 1 ORDER BY n DESC, c LIMIT 1"
            )["c"][0]
            voice = facts.query("SELECT max(feedback_id) AS v FROM voice")["v"][0]
        print(f"{given.rows:,} feedback in {time.monotonic() - begun:.0f} s")
        server = Server(Path(folder))
        server.prepare()
        cookie = server.script(SIGN_IN)["cookie"]
        server.start()
        try:
            asked = pages(given.asks) | {"one voice": [f"/voices/{voice}/"] * given.asks, "one customer": [f"/customers/{customer}/"] * given.asks}
            connection = server.connection()
            for name, addresses in asked.items():
                found[name] = timed(connection, cookie, addresses)
                print(f"{name:28}" + "  ".join(f"{key} {value:8.1f}" for key, value in found[name].items()), flush=True)
        finally:
            server.stop()
    if given.json:
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False))


def timed(connection: http.client.HTTPConnection, cookie: str, addresses: list[str]) -> dict[str, float]:
    """Milliseconds of the first answer, and p50 and p95 of all, asked one after the other.

    Raises:
        RuntimeError: a page answered anything but 200.
    """
    took = []
    for address in addresses:
        begun = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})
        answer = connection.getresponse()
        body = answer.read()
        took.append(1000 * (time.perf_counter() - begun))
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {body[:300]!r}")
    return {"first_ms": took[0], "p50_ms": percentile(took, 0.5), "p95_ms": percentile(took, 0.95)}


if __name__ == "__main__":
    main()

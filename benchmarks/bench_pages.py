"""How fast the ten main pages answer over millions of voices: alone, with nothing kept, and with ten people and 30 voices a second.

    python benchmarks/bench_pages.py [--rows 3000000] [--asks 20] [--minutes 3] [--viewers 10] [--voices 30] [--store FOLDER] [--json FILE]

Makes a store of drawn feedback in a temporary folder (or in FOLDER, which stays and is taken as it is the next time), starts a real server
on it and signs a CX lead in. Three passes, server time over HTTP in milliseconds. Cold: each page once, under a filter nobody asked for
before; nothing about it is kept. Alone: each page `--asks` times, one after the other. Together: `--viewers` people who think for about ten
seconds between pages while voices arrive and are read. Aims: p95 of 300 alone, of 600 together.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import threading
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_browsing import browse, send
from benchmarks.bench_explorer import SIGN_IN, timed
from benchmarks.facts import generator
from benchmarks.percentiles import percentile
from tests.server_collect.running import Server

from huiyin.facts import DuckDBFacts
from huiyin.insight.analysis import problem_id

SETTLE = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.boards.services import board_make
from huiyin.server.understand.reading.models import ReadingSetup
with state_write():
    ReadingSetup.objects.update_or_create(pk=1, defaults={"taxonomy": sys.argv[1]})
    user = User.objects.get(email="analyst@example.com")
    board = board_make(user, "产品周会", "product")
print(json.dumps(board.pk))
"""


def taxonomy(folder: Path) -> Path:
    """A file of the drawn aspects, as a company's own tree."""
    aspects: dict[str, list[str]] = {}
    for path in generator.ASPECTS:
        root, leaf = path.split("/")
        aspects.setdefault(root, []).append(leaf)
    lines = ["pack: drawn", "version: 1", "name: {zh: 抽出的, en: Drawn}", "aspects:"]
    for root, leaves in aspects.items():
        lines += [f"  - id: {root}", f"    name: {{zh: {root}, en: {root}}}", "    kind: theme", "    children:"]
        for leaf in leaves:
            lines += [f"      - id: '{leaf}'", f"        name: {{zh: {root} {leaf}, en: {root} {leaf}}}", f"        seeds: [{root}{leaf}]"]
    path = folder / "drawn.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def pages(board: int, problem: str) -> dict[str, str]:
    """The ten main pages, each as a CX lead's menu opens it."""
    return {
        "home": "/",
        "home, product's": "/?post=product",
        "problem list": "/problems/",
        "one problem": f"/problems/{problem}/",
        "a board": f"/boards/{board}/",
        "ownership map": "/ownership/",
        "fixes": "/fixes/",
        "voices": "/voices/",
        "today's voices": "/stream/",
        "taxonomy": "/taxonomy/",
    }


def unasked(board: int, problem: str) -> dict[str, str]:
    """The same pages under a period or a filter that no other pass asks for."""
    product = quote(generator.PRODUCTS[3])
    return {
        "home": "/?days=365",
        "home, product's": "/?post=product&days=30",
        "problem list": f"/problems/?product={product}",
        "one problem": f"/problems/{problem}/?product={product}",
        "a board": f"/boards/{board}/?product={product}",
        "ownership map": "/ownership/",
        "fixes": "/fixes/",
        "voices": f"/voices/?product={product}",
        "today's voices": "/stream/",
        "taxonomy": "/taxonomy/",
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=3_000_000)
    options.add_argument("--asks", type=int, default=20)
    options.add_argument("--minutes", type=float, default=3)
    options.add_argument("--viewers", type=int, default=10)
    options.add_argument("--voices", type=float, default=30)
    options.add_argument("--store", type=Path)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as passing:
        folder = given.store or Path(passing)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if not (folder / "facts.duckdb").exists():
            with DuckDBFacts(folder / "facts.duckdb") as facts:
                # Until today: what arrives meanwhile falls into the same ninety days.
                for feedback, mentions in generator.batches(given.rows, first_day=date.today() - timedelta(days=generator.DAYS)):
                    facts.append(feedback, mentions)
        server = Server(folder)
        server.prepare()
        cookie = server.script(SIGN_IN)["cookie"]
        board = server.script(SETTLE, str(taxonomy(folder)))
        server.start()
        try:
            found = _passes(server, cookie, board, given)
        finally:
            server.stop()
    for name, one in found.items():
        print(f"{name:20}" + "  ".join(f"{key} {value:8.0f}" for key, value in one.items()))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))


def _passes(server: Server, cookie: str, board: int, given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Milliseconds of each page in each pass."""
    connection = server.connection()
    problem = problem_id(generator.ASPECTS[0])
    found: dict[str, dict[str, float]] = {}
    for name, address in unasked(board, problem).items():
        found[name] = {"cold": timed(connection, cookie, [address])["first_ms"]}
    for name, address in pages(board, problem).items():
        alone = timed(connection, cookie, [address] * given.asks)
        found[name] |= {"alone first": alone["first_ms"], "alone p50": alone["p50_ms"], "alone p95": alone["p95_ms"]}
    for name, times in _together(server, cookie, list(pages(board, problem).items()), given).items():
        found[name] |= {"together p50": percentile(times, 0.5), "together p95": percentile(times, 0.95), "asks": len(times)}
    return found


def _together(server: Server, cookie: str, addresses: list[tuple[str, str]], given: argparse.Namespace) -> dict[str, list[float]]:
    """Milliseconds of each page while people look and voices arrive.

    Raises:
        RuntimeError: a page or a post was refused.
    """
    seconds, failed, out = given.minutes * 60, [], multiprocessing.Queue()  # type: ignore[var-annotated]
    sender = threading.Thread(target=send, args=(server, given.voices, seconds, [], [], failed))

    def drawn(draw: random.Random) -> list[tuple[str, str]]:
        return addresses

    people = multiprocessing.Process(target=browse, args=(server.port, cookie, given.viewers, seconds, 1, out, drawn))
    sender.start()
    people.start()
    asks: list[tuple[str, float, int]] = out.get()
    people.join()
    sender.join()
    wrong = [one for one in asks if one[2] != 200]
    if failed or wrong:
        raise RuntimeError(f"{len(failed)} posts and {len(wrong)} pages were refused: {failed[:3]} {wrong[:3]}")
    by_page: dict[str, list[float]] = {}
    for name, milliseconds, _status in asks:
        by_page.setdefault(name, []).append(milliseconds)
    return by_page


if __name__ == "__main__":
    main()

"""Two hundred people browse while voices arrive: errors, times, memory, and afterwards whether every acknowledged voice stands in the facts.

    python benchmarks/bench_browsing.py [--minutes 10] [--users 200] [--voices 300] [--feedback 300000] [--memory 512MB] [--json FILE]

Each person asks for a page, thinks for about ten seconds, asks for the next: the list, a filter, a search, a voice, the stream, a customer.
Voices come in posts of thirty. The clients run in processes of their own on the same cores. Memory is the resident set of the server and
of its reading process, sampled every five seconds, and of the server alone; flat means: the median of the last fifth against that of the
second fifth. `--memory` bounds what DuckDB may hold (`HUIYIN_FACTS_MEMORY`), so that a run of minutes comes to where months would.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_explorer import SEARCHED, SIGN_IN
from benchmarks.bench_ingest import WAITING
from benchmarks.facts import generator
from benchmarks.percentiles import percentile
from tests.server_collect.running import STATE, Server

from huiyin.facts import DuckDBFacts

POST = 30
THINKING = 10.0
WORDS = "前台办理入住等了{}分钟，房间倒是干净，早餐品种太少，隔音也不好，退房还排队（{}）"


Addresses = Callable[[random.Random], list[tuple[str, str]]]
"""Draws the pages a person may ask for next: kind and address."""


def browse(port: int, cookie: str, users: int, seconds: float, seed: int, out: Any, addresses: Addresses) -> None:
    """Some of the people, a thread each: (page, milliseconds, status) of every ask."""
    import http.client

    found: list[tuple[str, float, int]] = []
    stop = time.monotonic() + seconds

    def person(number: int) -> None:
        draw = random.Random(seed * 1000 + number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(draw.random() * THINKING)
        while time.monotonic() < stop:
            kind, address = draw.choice(addresses(draw))
            begun = time.perf_counter()
            try:
                connection.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})
                answer = connection.getresponse()
                answer.read()
                found.append((kind, 1000 * (time.perf_counter() - begun), answer.status))
            except OSError as error:
                found.append((f"{kind}: {type(error).__name__}", 1000 * (time.perf_counter() - begun), 0))
                connection.close()
            time.sleep(min(draw.expovariate(1 / THINKING), 30))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put(found)


def _addresses(draw: random.Random) -> list[tuple[str, str]]:
    product, region = quote(draw.choice(generator.PRODUCTS)), quote(draw.choice(generator.REGIONS))
    return [
        ("list", "/voices/"),
        ("filter", f"/voices/?product={product}&region={region}"),
        ("search", f"/voices/?q={quote(draw.choice(SEARCHED))}&product={product}"),
        ("facets", f"/voices/facets/?product={product}"),
        ("stream", "/stream/"),
        ("random", f"/voices/random/?seed={draw.randrange(10**6)}&product={product}"),
    ]


def send(server: Server, rate: float, seconds: float, acknowledged: list[str], took: list[float], failed: list[int]) -> None:
    """Posts of thirty voices at an even pace; what was answered 200 is acknowledged."""
    connection, stop, following, number = server.connection(), time.monotonic() + seconds, time.monotonic(), 0
    while (now := time.monotonic()) < stop:
        if now < following:
            time.sleep(following - now)
        following += POST / rate
        names = [f"a{number + at}" for at in range(POST)]
        begun = time.perf_counter()
        status, _ = server.post(connection, "/api/v1/feedback/batch", [{"external_id": one, "text": WORDS.format(number % 50, one)} for one in names])
        took.append(1000 * (time.perf_counter() - begun))
        if status == 200:
            acknowledged += names
        else:
            failed.append(status)
        number += POST
    connection.close()


def resident(pid: int) -> tuple[float, float]:
    """Resident memory in MB: of a process, and of all below it."""
    found: list[float] = []
    waiting = [pid]
    while waiting:
        one = waiting.pop(0)
        try:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
            found.append(sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024)
            waiting += [int(child) for task in Path(f"/proc/{one}/task").iterdir() for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return (found[0], sum(found[1:])) if found else (0.0, 0.0)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--users", type=int, default=200)
    options.add_argument("--voices", type=float, default=300)
    options.add_argument("--feedback", type=int, default=300_000)
    options.add_argument("--memory", default="")
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    seconds = given.minutes * 60
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        Path(folder).chmod(0o700)
        with DuckDBFacts(Path(folder) / "facts.duckdb") as facts:
            for feedback, mentions in generator.batches(given.feedback):
                facts.append(feedback, mentions)
        server = Server(Path(folder))
        if given.memory:
            server.environment["HUIYIN_FACTS_MEMORY"] = given.memory
        server.prepare()
        cookie = server.script(SIGN_IN)["cookie"]
        server.start()
        assert server.process is not None
        acknowledged: list[str] = []
        took: list[float] = []
        failed: list[int] = []
        memory: list[tuple[float, float]] = []
        out: Any = multiprocessing.Queue()
        halves = [given.users // 2, given.users - given.users // 2]
        people = [
            multiprocessing.Process(target=browse, args=(server.port, cookie, half, seconds, seed, out, _addresses))
            for seed, half in enumerate(halves)
        ]
        sender = threading.Thread(target=send, args=(server, given.voices, seconds, acknowledged, took, failed))
        for one in (*people, sender):
            one.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            memory.append(resident(server.process.pid))
            time.sleep(5)
        asks = [ask for _ in people for ask in out.get()]
        for one in (*people, sender):
            one.join()
        waited = time.monotonic()
        while server.script(WAITING)[0]:
            time.sleep(0.5)
        waited = time.monotonic() - waited
        server.stop()
        state = server.script(STATE)
        stored = {row[1] for row in state["rows"] if row[0] == "rest"}
    times = [milliseconds for _, milliseconds, _ in asks]
    fifth = max(1, len(memory) // 5)
    found = {
        "asks": len(asks),
        "errors": sum(status != 200 for _, _, status in asks),
        "page_p50_ms": percentile(times, 0.5),
        "page_p95_ms": percentile(times, 0.95),
        "voices_sent": len(acknowledged),
        "posts_failed": len(failed),
        "post_p95_ms": percentile(took, 0.95),
        "lost": len(set(acknowledged) - stored),
        "doubled": len([row for row in state["rows"] if row[0] == "rest"]) - len(stored),
        "read_up_s": waited,
        "memory_mb_second_fifth": statistics.median(sum(one) for one in memory[fifth : 2 * fifth] or memory),
        "memory_mb_last_fifth": statistics.median(sum(one) for one in memory[-fifth:]),
        "memory_mb_most": max(sum(one) for one in memory),
        "server_mb_second_fifth": statistics.median(one for one, _ in memory[fifth : 2 * fifth] or memory),
        "server_mb_last_fifth": statistics.median(one for one, _ in memory[-fifth:]),
    }
    for name, value in found.items():
        print(f"{name:26}{value:,.1f}")
    by_kind: dict[str, list[float]] = {}
    for kind, milliseconds, _ in asks:
        by_kind.setdefault(kind, []).append(milliseconds)
    for kind, values in sorted(by_kind.items()):
        print(f"  {kind:24}{len(values):6}  p50 {percentile(values, 0.5):8.1f}  p95 {percentile(values, 0.95):8.1f}")
    if given.json:
        given.json.write_text(json.dumps({**found, "memory_mb": memory}, indent=1))
    if found["lost"] or found["doubled"] or found["errors"] or found["posts_failed"]:
        sys.exit(1)


if __name__ == "__main__":
    main()

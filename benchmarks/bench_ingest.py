"""How fast voices come in: single posts, batches, a file; and how long until a post can be read.

    python benchmarks/bench_ingest.py [--quick] [--json FILE] [--database postgres://…]

Starts a server of its own on a free port, in a temporary folder, and sends from ten clients of this process; then the same to FastAPI with
one SQL INSERT (`ingest_peer.py`) in the same run.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.percentiles import percentile
from tests.server_collect.running import Server

CLIENTS = 10
WORDS = "前台办理入住等了{}分钟，房间倒是干净，早餐品种太少，隔音也不好"

LAGS = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
rows = Inbox.objects.filter(external_id__startswith=sys.argv[1], done_at__isnull=False).values_list("received_at", "done_at")
print(json.dumps([(done - received).total_seconds() for received, done in rows]))
"""

WAITING = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
print(json.dumps([Inbox.objects.filter(state="new").count(), Inbox.objects.count()]))
"""


def singles(server: Server | Peer, seconds: float, rate: float | None, prefix: str) -> dict[str, float]:
    """Ten clients post one record at a time; with `rate`, so many a second together, else as fast as it goes."""
    took: list[float] = []
    stop = time.monotonic() + seconds

    def client(number: int) -> None:
        connection, sent = server.connection(), 0
        following = time.monotonic() + number / (rate or 1e9)
        while (now := time.monotonic()) < stop:
            if rate:
                if now < following:
                    time.sleep(min(following - now, stop - now))
                    continue
                following += CLIENTS / rate
            begun = time.perf_counter()
            record = {"external_id": f"{prefix}-{number}-{sent}", "text": WORDS.format(sent % 90) + f"（{number}-{sent}）"}
            status, _ = server.post(connection, "/api/v1/feedback", record)
            took.append(time.perf_counter() - begun)
            assert status == 201, status
            sent += 1
        connection.close()

    begun = time.monotonic()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - begun
    return {"per_second": len(took) / lasted, "ack_p50_ms": percentile(took, 0.5) * 1000, "ack_p95_ms": percentile(took, 0.95) * 1000}


def batches(server: Server | Peer, rows: int, size: int = 1000) -> dict[str, float]:
    """One client posts batches, one after the other."""
    connection, took = server.connection(), []
    begun = time.monotonic()
    for at in range(0, rows, size):
        records = [{"external_id": f"batch-{n}", "text": WORDS.format(n % 90) + f"（第{n}条）"} for n in range(at, at + size)]
        started = time.perf_counter()
        status, _ = server.post(connection, "/api/v1/feedback/batch", records)
        assert status == 200, status
        took.append(time.perf_counter() - started)
    connection.close()
    return {"rows_per_second": rows / (time.monotonic() - begun), "ack_p95_ms": percentile(took, 0.95) * 1000}


def read_all(server: Server) -> float:
    """Seconds until nothing waits."""
    begun = time.monotonic()
    while server.script(WAITING)[0]:
        time.sleep(0.2)
    return time.monotonic() - begun


class Peer:
    """FastAPI and one SQL INSERT, asked by the same clients in the same run."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, str(Path(__file__).with_name("ingest_peer.py")), str(folder), str(self.port)]
        self.process = subprocess.Popen(command)
        for _ in range(300):
            try:
                connection = self.connection()
                connection.request("GET", "/api/v1/me")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the peer did not start")

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def post(self, connection: http.client.HTTPConnection, path: str, body: object) -> tuple[int, bytes]:
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a few seconds each")
    options.add_argument("--json", type=Path)
    options.add_argument("--database", default="")
    given = options.parse_args()
    seconds, rows = (5.0, 5_000) if given.quick else (30.0, 50_000)
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        Path(folder).chmod(0o700)
        server = Server(Path(folder), given.database)
        server.prepare()
        server.start()
        try:
            singles(server, 2.0, 10.0, "warm")  # Models are loaded with the first batch.
            found["30 posts/s"] = singles(server, seconds, 30.0, "paced")
            time.sleep(2)
            lags = server.script(LAGS, "paced")
            found["30 posts/s"] |= {"visible_p50_ms": percentile(lags, 0.5) * 1000, "visible_p95_ms": percentile(lags, 0.95) * 1000}
            found["as fast as it goes"] = singles(server, seconds, None, "single")
            read_all(server)
            found["batches of 1,000"] = batches(server, rows)
            waited = read_all(server)
            found["batches of 1,000"]["read_per_second"] = rows / (waited + rows / found["batches of 1,000"]["rows_per_second"])
        finally:
            stopped = server.stop()
        found["stop"] = {"seconds": stopped}
        peer = Peer(Path(folder))
        try:
            singles(peer, 2.0, 10.0, "warm")
            found["FastAPI + SQL, as fast as it goes"] = singles(peer, seconds, None, "single")
            found["FastAPI + SQL, batches of 1,000"] = batches(peer, rows)
        finally:
            peer.stop()
        ours, theirs = found["as fast as it goes"]["per_second"], found["FastAPI + SQL, as fast as it goes"]["per_second"]
        many, bare = found["batches of 1,000"]["rows_per_second"], found["FastAPI + SQL, batches of 1,000"]["rows_per_second"]
        found["ratio to FastAPI + SQL"] = {"single_posts": ours / theirs, "batches": many / bare}
    for name, values in found.items():
        print(f"{name:36}" + "  ".join(f"{key} {value:,.2f}" for key, value in values.items()))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

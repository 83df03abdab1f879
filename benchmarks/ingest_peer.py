"""The bare minimum that keeps a post: FastAPI and one SQL INSERT, committed before the answer. What `bench_ingest` is measured against.

    python benchmarks/ingest_peer.py FOLDER PORT

SQLite with the durability of the server (WAL, synchronous FULL); source and external id unique, so that a repetition is none. It reads
nothing, masks nothing, knows no users: the distance to it is what all of that costs.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response

_INSERT = "INSERT INTO inbox (source, external_id, raw, received_at) VALUES ('rest', ?, ?, datetime('now')) ON CONFLICT DO NOTHING"


def application(folder: Path) -> FastAPI:
    """The app over a database in a folder."""
    made, local = FastAPI(), threading.local()

    def database() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(folder / "peer.sqlite3", timeout=30, isolation_level=None)
            local.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
        return local.connection

    database().execute(
        "CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, source, external_id, raw, received_at, UNIQUE(source, external_id))"
    )

    def keep(rows: list[tuple[str, str]]) -> None:
        connection = database()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INSERT, rows)
        connection.execute("COMMIT")

    from starlette.concurrency import run_in_threadpool

    @made.post("/api/v1/feedback", status_code=201)
    async def one(request: Request) -> dict[str, Any]:
        body = await request.body()
        said = json.loads(body)
        await run_in_threadpool(keep, [(said["external_id"], body.decode())])
        return {"external_id": said["external_id"]}

    @made.post("/api/v1/feedback/batch")
    async def many(request: Request) -> Response:
        said = json.loads(await request.body())
        await run_in_threadpool(keep, [(one["external_id"], json.dumps(one, ensure_ascii=False)) for one in said])
        return Response(status_code=200)

    @made.get("/api/v1/me")
    async def me() -> dict[str, bool]:
        return {"here": True}

    return made


if __name__ == "__main__":
    uvicorn.run(application(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)

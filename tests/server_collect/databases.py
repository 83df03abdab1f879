"""Databases that end with the test that started them: PostgreSQL and MariaDB, as Debian has them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

_QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@contextmanager
def throw_away_postgres(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL, user huiyin, database postgres."""
    initdb = _program("initdb", "/usr/lib/postgresql/*/bin/initdb")
    data, port = _place(folder, "postgres"), free_port()
    # PostgreSQL does not run as root.
    as_nobody: dict[str, Any] = {"user": "nobody"} if os.getuid() == 0 else {}
    if as_nobody:
        shutil.chown(data, "nobody")
    made = [initdb, "-D", data, "-U", "huiyin", "-E", "UTF8", "--locale=C", "-A", "trust"]
    subprocess.run(made, check=True, timeout=120, **_QUIET, **as_nobody)
    command = [initdb.with_name("postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", ""]
    with _running(subprocess.Popen(command, **_QUIET, **as_nobody), port):
        yield f"postgres://huiyin@127.0.0.1:{port}/postgres"


@contextmanager
def throw_away_mariadb(folder: Path) -> Iterator[int]:
    """The port of a MariaDB on 127.0.0.1, user huiyin, password 口令, database shop."""
    server, install = _program("mariadbd", "/usr/sbin/mariadbd"), _program("mariadb-install-db", "/usr/bin/mariadb-install-db")
    data, port = _place(folder, "mariadb"), free_port()
    as_root = ["--user=root"] if os.getuid() == 0 else []
    subprocess.run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", *as_root],
        check=True, timeout=120, **_QUIET,
    )  # fmt: skip
    begin = data / "begin.sql"
    begin.write_text(
        "CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE USER 'huiyin'@'%' IDENTIFIED BY '口令'; GRANT ALL ON shop.* TO 'huiyin'@'%';".replace(
            "; ", ";\n"
        ),
        encoding="utf-8",
    )
    command = [
        server, "--no-defaults", f"--datadir={data}", "--bind-address=127.0.0.1", f"--port={port}", f"--socket={data}/socket",
        f"--init-file={begin}", "--character-set-server=utf8mb4", *as_root,
    ]  # fmt: skip
    with _running(subprocess.Popen(command, **_QUIET), port):
        yield port


def _program(name: str, usual: str) -> Path:
    """Where a program is; without it the test is skipped, in CI it fails."""
    found = [*([Path(shutil.which(name) or "")] if shutil.which(name) else []), *sorted(Path("/").glob(usual.lstrip("/")))]
    if not found:
        assert not os.environ.get("CI"), f"{name} is not installed"
        pytest.skip(f"{name} is not installed")
    return found[-1].resolve()


def _place(folder: Path, name: str) -> Path:
    """A folder that another user may reach."""
    data = folder / name
    data.mkdir(parents=True)
    for parent in [data, *data.parents]:
        if parent.stat().st_uid == os.getuid() and len(parent.parts) > 2:
            parent.chmod(parent.stat().st_mode | 0o011)
    return data


@contextmanager
def _running(server: subprocess.Popen[bytes], port: int) -> Iterator[None]:
    """Until it answers, then to its end."""
    try:
        for _ in range(300):
            assert server.poll() is None, "the database did not start"
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        time.sleep(0.5)
        yield
    finally:
        server.send_signal(signal.SIGINT if "postgres" in str(server.args) else signal.SIGTERM)
        server.wait(30)

"""`huiyin serve`: prepares the data folder, refuses what is unsafe, brings the database up to date, serves."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from huiyin.server.config.environment import LOOPBACK, Environment, secret_file
from huiyin.server.config.gate import Refusal, refusals

STOP_WITHIN = 10
KEPT_OPEN = 75
"""Seconds for which a silent connection stays open: longer than a person reads, and than a proxy before us keeps its own (60 as a rule)."""


class RefusedToStart(Exception):  # noqa: N818
    """The start gate is shut."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__("\n".join(str(one) for one in reasons))
        self.reasons = reasons


def prepare() -> Environment:
    """The data folder (readable by its owner alone), a secret key kept in it, and the settings named to Django."""
    environment = Environment.read(os.environ)
    environment.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not environment.secret_key:
        _draw_secret(secret_file(environment.data))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.server.config.settings")
    return Environment.read(os.environ)


def serve(host: str = "127.0.0.1", port: int = 8000, *, reload: bool = False) -> None:
    """Runs the server until it is told to stop.

    Raises:
        RefusedToStart: the environment is unsafe; the reasons are in Chinese and English.
    """
    unnamed = host not in LOOPBACK and not os.environ.get("HUIYIN_URL")
    os.environ.setdefault("HUIYIN_URL", f"http://{f'[{host}]' if ':' in host else host}:{port}")
    environment = prepare()
    reasons = refusals(environment)
    if unnamed:
        reasons.append(
            Refusal(
                "huiyin.E008",
                f"开在 {host} 上，就要说明别人用什么网址访问：设 HUIYIN_URL，例如 https://voc.example.com。",
                f"Listening on {host}, the server must know the address people use: set HUIYIN_URL, for instance https://voc.example.com.",
            )
        )
    if host not in LOOPBACK and (environment.demo or environment.debug):
        reasons.append(
            Refusal(
                "huiyin.E007",
                f"演示或调试方式只能开在本机，不能开在 {host}。",
                f"The demo and HUIYIN_DEBUG listen on this machine only, not on {host}.",
            )
        )
    if reasons:
        raise RefusedToStart(reasons)

    import django
    import uvicorn
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    _greet(environment)
    uvicorn.run(
        "huiyin.server.config.asgi:application",
        host=host,
        port=port,
        reload=reload,
        lifespan="on",
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN,
        timeout_keep_alive=KEPT_OPEN,
    )


def main() -> None:
    """`python -m huiyin.server.serve [host] [port]`, for trying it without the command line."""
    try:
        host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
        serve(host, int(sys.argv[2]) if len(sys.argv) > 2 else 8000)
    except RefusedToStart as refused:
        print(refused, file=sys.stderr)
        raise SystemExit(1) from None


def _draw_secret(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(64) + "\n")


def _greet(environment: Environment) -> None:
    from huiyin.server.foundation.people.selectors import nobody_yet
    from huiyin.server.foundation.people.services.first_run import setup_code

    print(f"回音 Huiyin  {environment.url}", flush=True)
    if environment.demo:
        print(f"导览 · tour  {environment.url}/tour/", flush=True)
    if nobody_yet():
        code = "" if environment.is_local else f"?code={setup_code()}"
        print(f"第一次使用 · first run  {environment.url}/setup/{code}", flush=True)


if __name__ == "__main__":
    main()

"""`huiyin serve`: the web product."""

from __future__ import annotations

import argparse
import os
import sys

from huiyin.cli.language import say

_REFUSED = 4
_MISSING = 2


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `serve` to the command line."""
    serving = commands.add_parser("serve", help=say("开网页版", "serve the web product"))
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument(
        "--demo", action="store_true", help=say("先放一家虚构公司进去；只开在本机", "with a made-up company inside; on this machine only")
    )


def run_serve(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    try:
        # Imported here: who only analyses files needs no web framework.
        from huiyin.server.serve import RefusedToStart, serve
    except ModuleNotFoundError as error:
        name = error.name
        line = say(f"缺少 {name}；先装网页版：pip install 'huiyin[server]'", f"{name} is missing; install the server: pip install 'huiyin[server]'")
        print(f"huiyin: {line}", file=sys.stderr)
        return _MISSING
    try:
        if options.demo:
            _prepare_demo(options.host, options.port)
        serve(options.host, options.port)
    except RefusedToStart as refused:
        for reason in refused.reasons:
            print(f"huiyin: {reason}", file=sys.stderr)
        return _REFUSED
    return 0


def _prepare_demo(host: str, port: int) -> None:
    """Put the demo company into the data folder, if nobody is in it, and say who may sign in."""
    os.environ["HUIYIN_DEMO"] = "1"
    os.environ.setdefault("HUIYIN_DATA", "demo/server")
    os.environ.setdefault("HUIYIN_URL", f"http://{host}:{port}")
    from huiyin.server.serve import prepare

    folder = prepare().data
    import django

    django.setup()
    from django.core.management import call_command

    from huiyin.server.demo import fill

    call_command("migrate", interactive=False, verbosity=0)
    accounts = fill(folder)
    for one in accounts:
        print(f"{one.post:　<6} {one.name:　<4} {one.email:<26} {one.password}", flush=True)
    if not accounts:
        there = say(f"{folder} 里已有公司；密码在第一次运行时打印过", f"{folder} holds a company already; passwords were printed at the first run")
        print(there, flush=True)

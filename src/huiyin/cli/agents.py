"""`huiyin mcp`: the running server as tools for an AI agent, over standard input and output."""

from __future__ import annotations

import argparse
import os
import sys

from huiyin.cli.language import say

_MISSING = 2


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `mcp` to the command line."""
    agents = commands.add_parser("mcp", help=say("把运行中的服务交给 AI 助手用（MCP，只读）", "a running server as tools for an AI agent (MCP)"))
    agents.add_argument("--url", default=os.environ.get("HUIYIN_URL", "http://127.0.0.1:8000"))


def run_agents(options: argparse.Namespace) -> int:
    """Serve tools until the agent hangs up. The key comes from HUIYIN_KEY, for arguments can be seen by others on the machine."""
    key = os.environ.get("HUIYIN_KEY", "").strip()
    if not key:
        print(say("huiyin: 把接口密钥放进环境变量 HUIYIN_KEY", "huiyin: put an API key into the environment variable HUIYIN_KEY"), file=sys.stderr)
        return _MISSING
    try:
        from huiyin.client.agents import tools
        from huiyin.client.connection import Huiyin
    except ModuleNotFoundError as error:
        line = say(f"缺少 {error.name}；先装：pip install 'huiyin[client]'", f"{error.name} is missing: pip install 'huiyin[client]'")
        print(f"huiyin: {line}", file=sys.stderr)
        return _MISSING
    with Huiyin(options.url, key) as server:
        tools(lambda: server).run("stdio")
    return 0

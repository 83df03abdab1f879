"""The direction of imports, the size of files, and that exported names exist."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "huiyin").rglob("*.py"))


def test_imports_go_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_outgrows_a_head():
    long = {str(path.relative_to(ROOT)): count for path in SOURCES if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_no_function_outgrows_a_screen():
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (length := (node.end_lineno or 0) - node.lineno + 1) > 70:
                long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_every_exported_name_exists():
    for package in ("analyze", "cli", "facts", "files", "insight", "report", "simulate", "text"):
        module = importlib.import_module(f"huiyin.{package}")
        assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_no_forbidden_file_names():
    assert [path.name for path in SOURCES if path.stem in ("utils", "helpers", "manager", "common", "misc")] == []

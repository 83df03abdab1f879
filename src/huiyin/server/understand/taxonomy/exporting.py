"""A tree as a file and back, in each form that is offered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.server.understand.taxonomy.packfile import said_of, text_of, tree_of
from huiyin.server.understand.taxonomy.tree import Tree
from huiyin.server.understand.taxonomy.workbook import FileWrong, tree_of_workbook, workbook_of
from huiyin.text.taxonomy import TaxonomyError


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file: its ending, what it is for, its content type."""

    key: str
    name: str
    content: str


def forms() -> list[Form]:
    """YAML for the command line, XLSX for people, JSON for programs."""
    return [
        Form("xlsx", _("表格 XLSX，一行一个主题，好改"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Form("yaml", _("YAML，命令行 --taxonomy 可直接用"), "application/yaml"),
        Form("json", _("JSON，给程序"), "application/json"),
    ]


def file_of(tree: Tree, kind: str, version: str) -> bytes:
    """The file of a tree.

    Raises:
        KeyError: no such form.
    """
    if kind == "xlsx":
        return workbook_of(tree)
    if kind == "yaml":
        return text_of(tree, version).encode()
    if kind == "json":
        return json.dumps(said_of(tree, version), ensure_ascii=False, indent=2).encode()
    raise KeyError(kind)


def tree_of_file(name: str, data: bytes, known: Tree) -> Tree:
    """The tree of a file, by its ending. A node without an id of its own is that of `known` at its path.

    Raises:
        FileWrong: with everything that has to be mended, and where.
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "xlsx":
        return tree_of_workbook(data, known)
    if ending not in ("yaml", "yml", "json"):
        raise FileWrong([_("%(name)s：认不出是什么文件，需要 .xlsx、.yaml 或 .json") % {"name": name}])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileWrong([_("%(name)s：第 %(byte)s 个字节读不懂，需要 UTF-8 编码") % {"name": name, "byte": error.start}]) from error
    if ending == "json":
        _checked_json(name, text)
    try:
        # JSON is YAML, so one reader does for both.
        return tree_of(text, name, known)
    except TaxonomyError as error:
        raise FileWrong([_in_words(error)]) from error
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise FileWrong([_("%(name)s：结构不对，应当像导出的文件那样") % {"name": name}]) from error


def _checked_json(name: str, text: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        raise FileWrong([_("%(name)s：第 %(line)s 行第 %(column)s 列不是 JSON") % {"name": name, "line": line, "column": column}]) from error


def _in_words(error: Any) -> str:
    mark = getattr(error.__context__, "problem_mark", None)
    said = str(error.message_en if get_language() == "en" else error.message_zh)
    if mark is None:
        return said
    source = said.split(":", 1)[0]
    return _("%(name)s：第 %(line)s 行第 %(column)s 列不是 YAML") % {"name": source, "line": mark.line + 1, "column": mark.column + 1}

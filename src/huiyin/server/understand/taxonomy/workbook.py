"""A tree as a workbook, a node a row, and back. What is wrong is said with its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from huiyin.server.understand.taxonomy.tree import KINDS, LINES, WORDS, Node, Tree, id_for, key_is_good, uid_is_good

COLUMNS = (
    "path", "name_zh", "name_en", "kind", "definition_zh", "definition_en", "include", "exclude", "seeds", "weak", "negative", "positive", "not",
    "examples", "touchpoint", "owner", "team", "uid",
)  # fmt: skip
_NEEDED = ("path", "name_zh")
_WIDTHS = {"path": 30, "name_zh": 18, "name_en": 18, "kind": 8, "touchpoint": 14, "owner": 14, "team": 14, "uid": 16}
_MOST_ROWS = 5000
_SHEET_LIMIT = 32_767
"""Letters a cell holds."""


class FileWrong(Exception):  # noqa: N818 - no error of ours
    """A file that says no tree; `troubles` are sentences with row and column."""

    def __init__(self, troubles: Sequence[str]) -> None:
        super().__init__("；".join(troubles))
        self.troubles = list(troubles)


def workbook_of(tree: Tree) -> bytes:
    """The workbook. Texts stay texts: nothing in it runs as a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet = book.add_worksheet("taxonomy")
    head, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, name in enumerate(COLUMNS):
        sheet.write_string(0, at, name, head)
        sheet.set_column(at, at, _WIDTHS.get(name, 28))
    sheet.freeze_panes(1, 2)
    paths = tree.paths()
    for row, (node, _depth) in enumerate(tree.walk(), start=1):
        for at, value in enumerate(_cells(node, paths[node.id])):
            sheet.write_string(row, at, value[:_SHEET_LIMIT], wrapped)
    about = book.add_worksheet("about")
    for row, (name, value) in enumerate((("pack", tree.pack), ("name_zh", tree.name.get("zh", "")), ("name_en", tree.name.get("en", "")))):
        about.write_string(row, 0, name, head)
        about.write_string(row, 1, value)
    book.close()
    return out.getvalue()


def _cells(node: Node, path: str) -> list[str]:
    said = {
        "path": path, "name_zh": node.name.get("zh", ""), "name_en": node.name.get("en", ""), "kind": node.kind,
        "definition_zh": node.definition.get("zh", ""), "definition_en": node.definition.get("en", ""), "uid": node.id,
        "not": "\n".join(node.blocked),
    }  # fmt: skip
    said |= {name: getattr(node, name) for name in ("touchpoint", "owner", "team")}
    said |= {name: "\n".join(getattr(node, name)) for name in ("seeds", "weak", "negative", "positive", *LINES)}
    return [said[name] for name in COLUMNS]


def tree_of_workbook(data: bytes, known: Tree) -> Tree:
    """The tree of a workbook. A row without `uid` is the node of `known` at its path, else a new one.

    Raises:
        FileWrong: with every row and column that has to be mended.
    """
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheet = book.sheet_names[0]
        rows = book.get_sheet_by_name("taxonomy" if "taxonomy" in book.sheet_names else sheet).to_python()
        about = dict(_pairs(book.get_sheet_by_name("about").to_python())) if "about" in book.sheet_names else {}
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise FileWrong([_("这个文件打不开，需要 .xlsx：%(error)s") % {"error": error}]) from error
    if not rows:
        raise FileWrong([_("第 1 行应当是列名：%(names)s") % {"names": "、".join(COLUMNS)}])
    columns = {str(name).strip().lower(): at for at, name in enumerate(rows[0])}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise FileWrong([_("第 1 行缺少列：%(names)s") % {"names": "、".join(missing)}])
    if len(rows) > _MOST_ROWS:
        raise FileWrong([_("有 %(rows)s 行，最多 %(most)s 行") % {"rows": len(rows), "most": _MOST_ROWS}])
    name = {"zh": about.get("name_zh") or known.name.get("zh", ""), "en": about.get("name_en") or known.name.get("en", "")}
    found, wrong = _Rows(Tree(about.get("pack") or known.pack, name, []), known, columns), []
    for number, row in enumerate(rows[1:], start=2):
        if any(str(cell).strip() for cell in row):
            wrong += found.take(number, row)
    if not wrong and not found.tree.nodes:
        wrong = [_("第 2 行起没有一行主题")]
    if wrong:
        raise FileWrong(wrong)
    return found.tree


def _pairs(rows: Sequence[Sequence[Any]]) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in rows if len(row) > 1]


class _Rows:
    """Rows that become nodes, one after another."""

    def __init__(self, tree: Tree, known: Tree, columns: dict[str, int]) -> None:
        self.tree, self._columns = tree, columns
        self._known = {path: node_id for node_id, path in known.paths().items()}
        self._at: dict[str, str] = {}

    def take(self, number: int, row: Sequence[Any]) -> list[str]:
        """Make the node of a row; gives what is wrong with it."""
        said = {name: _text(row[at]) if at < len(row) else "" for name, at in self._columns.items()}
        path = said["path"].strip("/ ")
        parent, _sign, key = path.rpartition("/")
        wrong = []
        if not path or not key_is_good(key):
            wrong.append(("path", _("「%(value)s」不是路径，编号只能用文字、数字、- 和 _") % {"value": path}))
        elif path in self._at:
            wrong.append(("path", _("%(path)s 出现了两次") % {"path": path}))
        elif parent and parent not in self._at:
            wrong.append(("path", _("上层 %(path)s 没有自己的一行，或排在它后面") % {"path": parent}))
        if not said["name_zh"] and not said.get("name_en"):
            wrong.append(("name_zh", _("没有名称")))
        if said.get("kind") and said["kind"] not in KINDS:
            wrong.append(("kind", _("「%(value)s」不认识，只有 %(known)s") % {"value": said["kind"], "known": "、".join(KINDS)}))
        uid = said.get("uid", "")
        if uid and (not uid_is_good(uid) or self.tree.has(uid)):
            wrong.append(("uid", _("「%(value)s」不能用，或出现了两次") % {"value": uid[:40]}))
        if wrong:
            return [_("第 %(row)s 行「%(column)s」：%(text)s") % {"row": number, "column": column, "text": text} for column, text in wrong]
        self._at[path] = self._made(said, path, self._at[parent] if parent else "", key).id
        return []

    def _made(self, said: dict[str, str], path: str, parent: str, key: str) -> Node:
        node_id = said.get("uid") or self._known.get(path) or id_for(self.tree.pack, path)
        while self.tree.has(node_id):
            node_id = id_for(self.tree.pack, f"{path}#{node_id}")
        node = Node(node_id, parent, key, said.get("kind") or "theme")
        for name in ("name", "definition"):
            setattr(node, name, {one: text for one in ("zh", "en") if (text := said.get(f"{name}_{one}", ""))})
        node.touchpoint, node.owner, node.team = (said.get(name, "") for name in ("touchpoint", "owner", "team"))
        for name in (*WORDS, *LINES):
            stored = "not" if name == "blocked" else name
            setattr(node, name, [one.strip() for one in said.get(stored, "").splitlines() if one.strip()])
        self.tree.nodes.append(node)
        return node


def _text(cell: Any) -> str:
    """A cell as text: a whole number without the point that a sheet gives it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()

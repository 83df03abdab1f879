"""Files out and in: what comes back is what went out; what is wrong is said with its place, and then nothing is changed."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from huiyin.server.understand.taxonomy.exporting import file_of, tree_of_file
from huiyin.server.understand.taxonomy.packfile import tree_of_pack
from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.tree import Tree
from huiyin.server.understand.taxonomy.workbook import FileWrong
from huiyin.text import load_taxonomy
from huiyin.text.taxonomy import PACKS

EMPTY = Tree("none", {}, [])


def workbook(*rows: tuple[str, ...]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "yaml", "json"])
@pytest.mark.parametrize("pack", PACKS)
def test_every_pack_comes_back_as_it_went_out(pack, kind):
    tree = tree_of_pack(pack)
    assert tree_of_file(f"tree.{kind}", file_of(tree, kind, "1"), EMPTY).as_json() == tree.as_json()


def test_a_tree_that_was_worked_on_comes_back_with_its_ids(db, shop, analyst, node):
    drafts.draft_begin(analyst)
    drafts.node_move(analyst, node("发票"), node("住店"))
    drafts.node_change(analyst, node("早餐"), {"examples": ["粥凉，菜少；还贵", "=1+1"], "team": "餐饮部", "blocked": ["早餐奶"]})
    tree = draft_now().tree
    for kind in ("xlsx", "yaml", "json"):
        assert tree_of_file(f"x.{kind}", file_of(tree, kind, "2"), version_in_use().tree).as_json()["nodes"] == tree.as_json()["nodes"]


def test_the_command_line_reads_what_is_exported(tmp_path):
    file = tmp_path / "hotel.yaml"
    file.write_bytes(file_of(tree_of_pack("hotel"), "yaml", "7"))
    ours, shipped = load_taxonomy(file), load_taxonomy("hotel")
    assert ours.paths == shipped.paths
    assert [one.seeds for one in ours.aspects] == [one.seeds for one in shipped.aspects]


def test_nothing_in_a_workbook_runs_as_a_formula():
    tree = tree_of_pack("hotel")
    tree.nodes[0].name["zh"] = '=HYPERLINK("http://evil.example")'
    cells = CalamineWorkbook.from_filelike(BytesIO(file_of(tree, "xlsx", "1"))).get_sheet_by_index(0).to_python()
    assert cells[1][1] == '=HYPERLINK("http://evil.example")'


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("path",),), "第 1 行缺少列：name_zh"),
        ((("path", "name_zh"), ("a/b", "乙")), "第 2 行「path」：上层 a 没有自己的一行，或排在它后面"),
        ((("path", "name_zh"), ("a", "甲"), ("a", "乙")), "第 3 行「path」：a 出现了两次"),
        ((("path", "name_zh"), ("a", "甲"), ("b", "")), "第 3 行「name_zh」：没有名称"),
        ((("path", "name_zh"), ("a b!", "甲")), "第 2 行「path」：「a b!」不是路径，编号只能用文字、数字、- 和 _"),
        ((("path", "name_zh", "kind"), ("a", "甲", "树")), "第 2 行「kind」：「树」不认识，只有 theme、flow"),
        ((("path", "name_zh", "uid"), ("a", "甲", "1/2")), "第 2 行「uid」：「1/2」不能用，或出现了两次"),
        ((("path", "name_zh"),), "第 2 行起没有一行主题"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_said_with_row_and_column(rows, said):
    with pytest.raises(FileWrong) as wrong:
        tree_of_file("tree.xlsx", workbook(*rows), EMPTY)
    assert wrong.value.troubles == [said]


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(FileWrong) as wrong:
        tree_of_file("tree.xlsx", workbook(("path", "name_zh"), ("a", ""), ("b c", "乙")), EMPTY)
    assert len(wrong.value.troubles) == 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tree.yaml", b"aspects:\n  - {id: a, name: [\n", "tree.yaml：第 3 行第 1 列不是 YAML"),
        ("tree.json", b'{"aspects": [}', "tree.json：第 1 行第 14 列不是 JSON"),
        ("tree.yaml", b"pack: x\n", "tree.yaml: 缺少 aspects 列表"),
        ("tree.yaml", "aspects:\n  - {name: 没有编号}\n".encode(), "tree.yaml: 顶层 下有一个节点没有 id"),
        ("tree.yaml", "aspects: 甲".encode("gbk"), "tree.yaml：第 9 个字节读不懂，需要 UTF-8 编码"),
        ("tree.csv", b"a,b", "tree.csv：认不出是什么文件，需要 .xlsx、.yaml 或 .json"),
        ("tree.json", b'{"aspects": [{"id": "a", "examples": 3}]}', "tree.json：结构不对，应当像导出的文件那样"),
    ],
)
def test_what_is_wrong_in_a_text_file_is_said_with_its_place(name, data, said):
    with pytest.raises(FileWrong) as wrong:
        tree_of_file(name, data, EMPTY)
    assert wrong.value.troubles == [said]


def test_a_file_that_is_no_workbook_says_so():
    with pytest.raises(FileWrong, match="打不开"):
        tree_of_file("tree.xlsx", b"not a zip", EMPTY)


def test_a_file_becomes_the_draft_by_the_screen_and_a_wrong_one_changes_nothing(shop, signed_in, analyst, node):
    browser = signed_in(user=analyst)
    tree = version_in_use().tree
    tree.get(node("早餐")).name["zh"] = "餐食"
    browser.post("/taxonomy/files/", {"file": SimpleUploadedFile("tree.xlsx", file_of(tree, "xlsx", "1"))})
    assert [one.id for one in draft_now().tree.nodes] == [one.id for one in tree.nodes]
    revision = draft_now().revision
    answer = browser.post("/taxonomy/files/", {"file": SimpleUploadedFile("tree.xlsx", workbook(("path", "name_zh"), ("a", "")))})
    assert answer.status_code == 422
    assert "第 2 行「name_zh」" in answer.content.decode()
    assert draft_now().revision == revision


def test_what_is_exported_by_the_screen_is_the_tree_in_use(shop, signed_in):
    answer = signed_in("product").get("/taxonomy/files/export/json/")
    assert json.loads(answer.content)["aspects"][0]["children"][0]["seeds"] == ["早餐", "自助餐"]
    assert "attachment" in answer.headers["Content-Disposition"]

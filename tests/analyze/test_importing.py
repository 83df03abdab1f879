"""Files into a lasting store: twice is once, corrected records replace, nothing of another file is lost."""

import pytest
from tests import voices

from huiyin.analyze import AnalyzeOptions, JobError, analyze, import_files
from huiyin.analyze.outputs import catalogue_of
from huiyin.facts import DuckDBFacts, Filter, open_facts
from huiyin.files import ReadOptions
from huiyin.insight import Intake, analyse, records
from huiyin.text import load_taxonomy

HOTEL = AnalyzeOptions(taxonomy="hotel")


def contents(store) -> list[dict]:
    return store.query("SELECT * FROM feedback ORDER BY feedback_id").drop_columns(["received_at"]).to_pylist()


@pytest.fixture
def store(tmp_path):
    with DuckDBFacts(tmp_path / "store.duckdb") as opened:
        yield opened


@pytest.mark.parametrize("with_ids", [True, False])
def test_the_same_file_twice_is_the_file_once(tmp_path, store, with_ids) -> None:
    data = voices.rows(300)
    header = voices.HEADER if with_ids else voices.HEADER[1:]
    rows = data if with_ids else [row[1:] for row in data]
    path = voices.write(tmp_path / "week.csv", rows, header)
    first = import_files([path], store, HOTEL)
    once = contents(store)
    again = import_files([path], store, HOTEL)
    assert contents(store) == once
    assert (first.read, first.kept, first.source) == (again.read, again.kept, again.source) == (300, len(once), "week")
    assert store.query("SELECT count(*) AS n FROM mention WHERE feedback_id NOT IN (SELECT feedback_id FROM feedback)")["n"].to_pylist() == [0]


def test_a_corrected_record_takes_the_place_of_the_former(tmp_path, store) -> None:
    data = voices.rows(50)
    import_files([voices.write(tmp_path / "a.csv", data)], store, HOTEL, source="shop")
    data[7][5] = "床板断了，太吓人了"
    import_files([voices.write(tmp_path / "b.csv", data[7:8])], store, HOTEL, source="shop")
    texts = [row["text"] for row in contents(store)]
    assert len(texts) == 50
    assert texts.count("床板断了，太吓人了") == 1


def test_two_files_without_ids_do_not_overwrite_each_other(tmp_path, store) -> None:
    for name, seed in (("january.csv", 1), ("february.csv", 2)):
        import_files([voices.write(tmp_path / name, [row[1:] for row in voices.rows(100, seed)], voices.HEADER[1:])], store, HOTEL)
    assert {row["source"] for row in contents(store)} == {"january", "february"}
    assert len(contents(store)) >= 198


def test_the_store_says_what_the_report_says(tmp_path, store) -> None:
    path = voices.write(tmp_path / "a.csv")
    report = analyze([path], tmp_path / "out", HOTEL).findings
    result = import_files([path], store, HOTEL)
    found = analyse(store, catalogue_of(load_taxonomy("hotel")), Intake("a.csv", "", result.read, 0, result.repeated, False, result.copies))
    assert [(one.problem_id, one.customers, one.rank) for one in found.problems] == [
        (one.problem_id, one.customers, one.rank) for one in report.problems
    ]
    assert found.volume == report.volume
    assert records.count(store).voices == report.volume.kept - report.volume.duplicates


def test_rejects_are_listed_and_the_rest_goes_in(tmp_path, store) -> None:
    path = tmp_path / "bad.csv"
    voices.write(path, voices.rows(40))
    path.write_text(path.read_text(encoding="utf-8") + "r99,2026-01-01\n", encoding="utf-8")
    result = import_files([path], store, HOTEL, rejects_in=tmp_path / "rejects")
    assert (result.kept, result.rejected) == (40, 1)
    assert "42" in result.rejects.read_text(encoding="utf-8-sig")


def test_nothing_kept_leaves_the_store_as_it_was(tmp_path, store) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("编号,内容,评分\nr1,,3\nr2,,4\n", encoding="utf-8")
    before = store.revision
    with pytest.raises(JobError):
        import_files([path], store, AnalyzeOptions(read=ReadOptions(text="内容"), taxonomy="hotel"))
    assert store.revision == before


def test_into_clickhouse_as_into_duckdb(tmp_path, store) -> None:
    path = voices.write(tmp_path / "a.csv", voices.rows(120))
    import_files([path], store, HOTEL)
    with open_facts("chdb://memory/importing") as other:
        import_files([path], other, HOTEL)
        where = Filter(product=("湖景房",))
        assert records.count(other, where) == records.count(store, where)
        assert records.page(other, where)["feedback_id"].to_pylist() == records.page(store, where)["feedback_id"].to_pylist()

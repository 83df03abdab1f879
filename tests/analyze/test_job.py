"""The main job, from a file to a folder of results, through real files and a real store."""

import csv
import json
import random
from dataclasses import replace

import polars as pl
import pyarrow.parquet as pq
import pytest
from tests import voices

from huiyin.analyze import AnalyzeOptions, JobError, analyze
from huiyin.facts import FEEDBACK, MENTION
from huiyin.files import ReadOptions

HOTEL = AnalyzeOptions(taxonomy="hotel", force=True)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    return analyze([voices.write(folder / "a.csv")], folder / "out", HOTEL)


def ranking(result):
    """Everything a rank rests on; floats to nine digits, since threads add in any order."""
    rows = [
        (one.aspect, one.customers, one.rank_probability, one.tied_with)
        + tuple(
            float(f"{value:.9g}")
            for part in (one.frequency, one.intensity, one.harm, one.score)
            if part
            for value in (part.value, part.low, part.high)
        )
        for one in result.findings.problems
    ]
    assert rows
    return rows


def labels(result):
    feedback = pl.read_parquet(result.folder / "feedback.parquet", columns=["text", "sentiment", "intent", "emotion", "urgency"])
    return sorted(set(feedback.rows()))


def test_seven_files_and_nothing_else(result):
    found = sorted(path.name for path in result.folder.iterdir())
    assert found == ["feedback.parquet", "mentions.parquet", "problems.csv", "problems.xlsx", "rejected.csv", "report.html", "run.json"]


def test_the_parquet_files_have_the_columns_of_the_schema(result):
    assert pq.read_schema(result.folder / "feedback.parquet").names == FEEDBACK.names
    assert pq.read_schema(result.folder / "mentions.parquet").names == MENTION.names


def test_every_mention_lies_inside_the_text_it_belongs_to(result):
    joined = pl.read_parquet(result.folder / "mentions.parquet").join(
        pl.read_parquet(result.folder / "feedback.parquet", columns=["feedback_id", "text"]), on="feedback_id"
    )
    assert joined.height == pl.read_parquet(result.folder / "mentions.parquet").height
    for start, end, target, text in joined.select("start", "end", "target", "text").iter_rows():
        assert 0 <= start < end <= len(text)
        assert target is None or target in text


def test_the_counts_are_the_records_behind_them(result):
    mentions = pl.read_parquet(result.folder / "mentions.parquet")
    voice = pl.read_parquet(result.folder / "feedback.parquet").filter(pl.col("duplicate_of").is_null())
    said = mentions.filter(pl.col("polarity") == -1).join(voice.select("feedback_id"), on="feedback_id")
    for problem in result.findings.problems:
        own = said.filter(pl.col("aspect") == problem.aspect)
        assert problem.customers == own["customer_id"].n_unique()
        assert problem.feedback == own["feedback_id"].n_unique()
        assert problem.mentions == own.height
        assert problem.frequency.value == pytest.approx(1000 * problem.customers / voice["customer_id"].n_unique())


def test_evidence_is_customers_own_words_each_customer_once(result):
    texts = set(pl.read_parquet(result.folder / "feedback.parquet")["text"])
    for problem in result.findings.problems:
        assert problem.evidence
        assert {quote.text for quote in problem.evidence} <= texts
        speakers = [quote.customer for quote in problem.evidence]
        assert len(speakers) == len(set(speakers))
        assert [quote.intensity for quote in problem.evidence] == sorted((quote.intensity for quote in problem.evidence), reverse=True)
        assert all(any(mark.primary for mark in quote.marks) for quote in problem.evidence)


def test_shuffled_input_gives_the_same_labels_and_the_same_ranking(result, tmp_path):
    data = voices.rows()
    random.Random(5).shuffle(data)
    shuffled = analyze([voices.write(tmp_path / "b.csv", data)], tmp_path / "out", HOTEL)
    assert ranking(shuffled) == ranking(result)
    assert labels(shuffled) == labels(result)


def test_the_same_file_again_gives_the_same_checksum(result, tmp_path):
    again = analyze([voices.write(tmp_path / "a.csv")], tmp_path / "out", HOTEL)
    assert again.findings.checksum == result.findings.checksum


def test_rows_that_stand_twice_change_nothing(result, tmp_path):
    data = voices.rows()
    options = replace(HOTEL, read=ReadOptions(id="编号"))
    doubled = analyze([voices.write(tmp_path / "b.csv", data + data[50:250])], tmp_path / "out", options)
    assert ranking(doubled) == ranking(result)
    assert doubled.run["rows"]["repeated"] == 200
    assert doubled.findings.volume.kept == result.findings.volume.kept


def test_the_same_file_twice_counts_once(result, tmp_path):
    first, second = voices.write(tmp_path / "a.csv"), voices.write(tmp_path / "b.csv")
    both = analyze([first, second], tmp_path / "out", HOTEL)
    assert both.findings.volume.kept == 2 * result.findings.volume.kept
    assert ranking(both) == ranking(result)


def test_doubled_rows_without_any_id_change_no_rank(tmp_path):
    data = [row[1:2] + row[3:] for row in voices.rows()]
    header = ["时间", "产品", "评分", "内容"]
    once = analyze([voices.write(tmp_path / "a.csv", data, header)], tmp_path / "1", HOTEL)
    twice = analyze([voices.write(tmp_path / "b.csv", data + data, header)], tmp_path / "2", HOTEL)
    assert ranking(twice) == ranking(once)
    assert not once.findings.volume.customers_known


def test_an_id_used_for_two_different_records_loses_neither(tmp_path):
    data = voices.rows(40)
    data[7][0] = data[3][0]
    found = analyze([voices.write(tmp_path / "a.csv", data)], tmp_path / "out", HOTEL)
    ids = pl.read_parquet(tmp_path / "out" / "feedback.parquet")["feedback_id"]
    assert found.findings.volume.kept == 40
    assert ids.n_unique() == 40
    assert f"{data[3][0]}#2" in set(ids)


def test_personal_data_never_reaches_a_file(tmp_path):
    data = voices.rows(40)
    data[0][5] = "我叫王小明，电话13800138000，前台态度很差"
    data[1][2] = "13900139000"
    header = [*voices.HEADER, "联系电话", "备注"]
    data = [[*row, "13700137000", "请回电 13600136000"] for row in data]
    data.append(["x", "2026-01-01", "u1", "标准间", "1", "", "13500135000", ""])
    analyze([voices.write(tmp_path / "a.csv", data, header)], tmp_path / "out", HOTEL)
    for path in (tmp_path / "out").iterdir():
        content = path.read_bytes()
        for secret in ("13800138000", "13900139000", "13700137000", "13600136000", "13500135000", "王小明"):
            assert secret.encode() not in content, (path.name, secret)
    attributes = str(pl.read_parquet(tmp_path / "out" / "feedback.parquet")["attributes"].to_list())
    assert "1370013" not in attributes
    assert "1360013" not in attributes


def test_bad_rows_are_listed_and_the_rest_goes_through(tmp_path):
    data = voices.rows(60)
    data.insert(10, ["多", "出", "一", "列", "5", "内容", "多余"])
    data.insert(20, ["空", "2026-01-01", "u", "标准间", "5", ""])
    found = analyze([voices.write(tmp_path / "a.csv", data)], tmp_path / "out", HOTEL)
    with (tmp_path / "out" / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(one["row"], one["reason"]) for one in rejects] == [("12", "ragged"), ("22", "empty_text")]
    assert found.findings.volume.kept == 60
    assert json.loads((tmp_path / "out" / "run.json").read_text())["rows"] == found.run["rows"]
    assert found.run["rows"]["read"] == 62


def test_a_stopped_run_is_finished_and_marked_partial(tmp_path):
    from huiyin.analyze.progress import Silent

    class Stopping(Silent):
        def read(self, rows: int, bytes_read: int) -> None:
            self.stopped = True

    options = AnalyzeOptions(ReadOptions(batch_rows=100), "hotel")
    found = analyze([voices.write(tmp_path / "a.csv")], tmp_path / "out", options, Stopping())
    assert found.findings.partial
    assert found.findings.volume.kept == 100
    assert (tmp_path / "out" / "report.html").stat().st_size > 100_000


def test_a_folder_with_files_is_left_alone_unless_forced(tmp_path):
    path = voices.write(tmp_path / "a.csv", voices.rows(40))
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep")
    with pytest.raises(JobError) as refusal:
        analyze([path], out, AnalyzeOptions(taxonomy="hotel"))
    assert refusal.value.code == "out_not_empty"
    assert [one.name for one in out.iterdir()] == ["mine.txt"]
    analyze([path], out, HOTEL)
    assert (out / "mine.txt").read_text() == "keep"


def test_no_dates_no_scores_no_customers_still_reports(tmp_path):
    data = [[row[5]] for row in voices.rows(500)]
    found = analyze([voices.write(tmp_path / "a.csv", data, ["内容"])], tmp_path / "out", HOTEL).findings
    assert found.score is None
    assert found.volume.first_day is None
    assert found.problems
    assert all(problem.harm is None and problem.trend.verdict == "unknown" for problem in found.problems)

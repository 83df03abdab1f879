"""Files of labelled opinions: both shapes, gzipped or not, and what is wrong with a row is told with its place."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from huiyin.text.opinions.records import Opinion, OpinionFileError, Record, read_records

_LABELS = "id,AspectTerms,A_start,A_end,OpinionTerms,O_start,O_end,Categories,Polarities\n"


def _tables(folder: Path, reviews: str, labels: str) -> tuple[Path, Path]:
    (folder / "reviews.csv").write_text("id,Reviews\n" + reviews, encoding="utf-8")
    (folder / "labels.csv").write_text(_LABELS + labels, encoding="utf-8")
    return folder / "reviews.csv", folder / "labels.csv"


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    record = Record("7", "屏幕很亮，有点贵", (Opinion((0, 2), (2, 4), "屏幕", "positive"), Opinion(None, (5, 8), "价格", "negative")))
    file = tmp_path / "opinions.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps(record.as_json(), ensure_ascii=False).encode() + b"\n\n"))
    assert read_records(file) == ([record], [])


def test_reviews_and_labels_are_joined_by_id(tmp_path: Path) -> None:
    files = _tables(tmp_path, "1,屏幕很亮\n2,还没用\n", "1,屏幕,0,2,很亮,2,4,外观,正面\n1,_, , ,很亮,2,4,整体,中性\n")
    (first, second), rejects = read_records(*files)
    assert first.opinions == (Opinion((0, 2), (2, 4), "外观", "positive"), Opinion(None, (2, 4), "整体", "neutral"))
    assert (second.text, second.opinions, rejects) == ("还没用", (), [])


def test_offsets_that_count_utf16_are_turned_into_code_points(tmp_path: Path) -> None:
    (record,), rejects = read_records(*_tables(tmp_path, "1,喜欢💕也好用\n", "1,_, , ,好用,5,7,整体,正面\n"))
    assert (record.opinions[0].opinion, rejects) == ((4, 6), [])


@pytest.mark.parametrize(
    ("label", "column", "reason"),
    [
        ("1,屏幕,0,3,很亮,2,4,外观,正面", "A_start", "不是「屏幕」"),
        ("1,屏幕,零,2,很亮,2,4,外观,正面", "A_start", "不是整数"),
        ("1,屏幕,0,2,很亮,2,99,外观,正面", "O_start", "不是「很亮」"),
        ("9,屏幕,0,2,很亮,2,4,外观,正面", "id", "没有编号 9"),
        ("1,屏幕,0,2,很亮,2,4,外观,还行", "polarity", "不认识的极性"),
        ("1,_, , ,_, , ,外观,正面", "AspectTerms", "都没有"),
        ("1,屏幕,0,2", "OpinionTerms", "列不够"),
    ],
)
def test_a_bad_label_is_told_and_the_rest_goes_through(tmp_path: Path, label: str, column: str, reason: str) -> None:
    files = _tables(tmp_path, "1,屏幕很亮\n", f"1,屏幕,0,2,很亮,2,4,外观,正面\n{label}\n")
    (record,), (reject,) = read_records(*files)
    assert len(record.opinions) == 1
    assert (reject.file, reject.row, reject.column) == (str(files[1]), 3, column)
    assert reason in reject.reason_zh
    assert reject.reason_en.isascii() or "屏幕" in reject.reason_en or "很亮" in reject.reason_en or "还行" in reject.reason_en


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": 1}', '{"text": "好", "opinions": {}}'])
def test_a_bad_line_is_told_and_the_rest_goes_through(tmp_path: Path, line: str) -> None:
    file = tmp_path / "opinions.jsonl"
    file.write_text('{"text": "好"}\n' + line + "\n", encoding="utf-8")
    (record,), (reject,) = read_records(file)
    assert (record.id, record.text, reject.row) == ("0", "好", 2)


def test_a_file_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(OpinionFileError, match="读不了"):
        read_records(tmp_path / "nowhere.jsonl")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b'{"text": "x"}')[:-9])
    with pytest.raises(OpinionFileError, match="读不了"):
        read_records(tmp_path / "cut.gz")
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(OpinionFileError, match="没有能用的记录"):
        read_records(tmp_path / "empty.jsonl")
    (tmp_path / "labels.csv").write_text("id,AspectTerms\n", encoding="utf-8")
    (tmp_path / "reviews.csv").write_text("id,Reviews\n1,好\n", encoding="utf-8")
    with pytest.raises(OpinionFileError, match="缺少列"):
        read_records(tmp_path / "reviews.csv", tmp_path / "labels.csv")

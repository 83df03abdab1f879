import datetime as dt
import gzip

import openpyxl
import pytest
from tests.files.samples import REVIEWS

from huiyin.files import FilesError


def test_dates_numbers_and_row_numbers(workbook, read):
    rows = [
        ["编号", "内容", "时间", "评分"],
        [1, "这个产品真的很好用", dt.datetime(2024, 3, 5, 14, 20), 5],
        [2, None, dt.datetime(2024, 3, 6), 1],
        [3, "售后服务太差劲了", dt.date(2024, 3, 7), 2.0],
    ]
    result = read(workbook({"Sheet": rows}))
    assert result.column("external_id") == ["1", "3"]
    assert result.column("rating") == [5.0, 2.0]
    assert result.column("occurred_at")[0] == dt.datetime(2024, 3, 5, 6, 20, tzinfo=dt.UTC)
    assert result.column("occurred_at")[1] == dt.datetime(2024, 3, 6, 16, 0, tzinfo=dt.UTC)
    assert [(one.row, one.code) for one in result.rejects] == [(3, "empty_text")]


def test_serial_dates(workbook, read):
    result = read(workbook({"Sheet": [["内容", "日期"], ["这个产品真的很好用", 45356.5]]}))
    assert result.column("occurred_at")[0] == dt.datetime(2024, 3, 5, 4, 0, tzinfo=dt.UTC)


def test_the_sheet_with_the_most_text_is_taken_unless_told(workbook, read):
    few = [["编号", "内容"], ["Z1", "另一张表里的一条反馈"]]
    path = workbook({"说明": [["导出人", "张三"]], "反馈": REVIEWS, "其他": few})
    assert read(path).sources[0].sheet == "反馈"
    assert read(path, sheet="其他").column("external_id") == ["Z1"]
    assert read(path, sheet=3).column("external_id") == ["Z1"]
    with pytest.raises(FilesError) as caught:
        read(path, sheet="反溃")
    assert caught.value.code == "unknown_sheet"
    assert "反馈" in caught.value.hint_zh


@pytest.mark.parametrize("titles", [1, 2, 3])
def test_titles_above_the_header_are_passed_over(workbook, read, titles):
    above = [["二〇二四年三月客户反馈"], ["导出时间", "2024-04-01"], []][:titles]
    result = read(workbook({"Sheet": [*above, *REVIEWS, ["A4", "2024-03-08", "4", "u9", "洗衣机", None]]}))
    assert result.mapping["text"] == "内容"
    assert len(result.rows) == 3
    assert result.rejects[0].row == titles + 5


def test_gzipped(workbook, write, read):
    path = write(gzip.compress(workbook({"Sheet": REVIEWS}).read_bytes()), "reviews.xlsx.gz")
    assert len(read(path).rows) == 3


def test_encrypted_workbook_is_refused(write, read):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    with pytest.raises(FilesError) as caught:
        read(write(data, "secret.xlsx"))
    assert caught.value.code == "encrypted"


def test_damaged_workbook_is_refused(workbook, write, read):
    data = workbook({"Sheet": REVIEWS}).read_bytes()
    with pytest.raises(FilesError) as caught:
        read(write(data[: len(data) // 2], "half.xlsx"))
    assert caught.value.code == "broken_archive"


def test_empty_workbook_is_refused(tmp_path, read):
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(FilesError) as caught:
        read(tmp_path / "empty.xlsx")
    assert caught.value.code == "empty_file"

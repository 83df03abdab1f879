import datetime as dt

from tests.files.samples import REVIEWS


def test_text_columns(parquet, read):
    result = read(parquet(REVIEWS))
    assert result.column("external_id") == ["A1", "A2", "A3"]
    assert result.sources[0].estimated_rows == 3


def test_typed_columns(parquet, read):
    zoned = dt.datetime(2024, 3, 5, 14, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    rows = [
        ["内容", "评分", "时间", "日期", "tags"],
        ["这个产品真的很好用", 5.0, zoned, dt.date(2024, 3, 5), ["a", "b"]],
        ["售后服务太差劲了", None, None, None, None],
    ]
    result = read(parquet(rows), time="时间")
    assert result.rows[0]["occurred_at"] == zoned
    assert result.column("rating") == [5.0, None]
    assert dict(result.rows[0]["attributes"])["tags"] == '["a", "b"]'

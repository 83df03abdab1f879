import pytest

TEXT = "这个产品真的很好用，推荐"


def instants(read, write, values, **options):
    rows = "".join(f'{i},"{value}",{TEXT}\n' for i, value in enumerate(values))
    result = read(write("id,时间,内容\n" + rows), time="时间", **options)
    return [value and value.strftime("%Y-%m-%d %H:%M") for value in result.column("occurred_at")], result


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-03-05T14:20:00Z", "2024-03-05 14:20"),
        ("2024-03-05 14:20:00+08:00", "2024-03-05 06:20"),
        ("2024年3月5日 14:20", "2024-03-05 06:20"),
        ("2024年3月5日 下午2:20", "2024-03-05 06:20"),
        ("2024/3/5", "2024-03-04 16:00"),
        ("2024.3.5", "2024-03-04 16:00"),
        ("20240305", "2024-03-04 16:00"),
        ("3/5/2024", "2024-03-04 16:00"),
        ("45356.5", "2024-03-05 04:00"),
        ("1709619600", "2024-03-05 06:20"),
        ("1709619600000", "2024-03-05 06:20"),
        ("5 Mar 2024", "2024-03-04 16:00"),
        ("2024-02-30", None),
        ("2024-13-01 10:00:00", None),
        ("昨天", None),
    ],
)
def test_ways_of_writing_a_date(read, write, written, expected):
    found, _ = instants(read, write, [written, "2024-01-01"])
    assert found[0] == expected


def test_day_and_month_order_is_decided_by_the_whole_sample(read, write):
    assert instants(read, write, ["3/5/2024", "25/5/2024"], timezone="UTC")[0][0] == "2024-05-03 00:00"
    assert instants(read, write, ["3/5/2024", "5/25/2024"], timezone="UTC")[0][0] == "2024-03-05 00:00"


def test_an_unreadable_date_keeps_its_row_and_is_counted(read, write):
    values = ["2024-03-05", *["不详"] * 7, ""]
    found, result = instants(read, write, values)
    assert found[1:] == [None] * 8
    assert result.rejects == []
    (warning,) = result.warnings
    assert (warning.code, warning.column, warning.count) == ("unreadable_date", "时间", 7)
    assert warning.examples == [(row, "不详") for row in range(3, 8)]


def test_naive_dates_are_local_to_the_timezone_told(read, write):
    assert instants(read, write, ["2024-07-01 12:00:00"], timezone="Europe/London")[0] == ["2024-07-01 11:00"]
    skipped = instants(read, write, ["2024-03-31 01:30:00"], timezone="Europe/London")[0]
    assert skipped == ["2024-03-31 01:30"]

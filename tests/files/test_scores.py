import pytest


def ratings(read, write, name, values):
    rows = "".join(f"{value},这是第{i}条评论，东西不错\n" for i, value in enumerate(values))
    return read(write(f"{name},内容\n" + rows))


@pytest.mark.parametrize(
    ("name", "values", "metric", "scale_max"),
    [
        ("评分", ["1", "5", "4"], "csat", 5.0),
        ("评分", ["0", "9", "10"], "nps", 10.0),
        ("推荐意愿", ["3", "5", "4"], "nps", 10.0),
        ("NPS", ["7", "9"], "nps", 10.0),
        ("满意度", ["1", "10", "8"], "csat", 10.0),
        ("得分", ["80", "95", "60"], "csat", 100.0),
    ],
)
def test_scales(read, write, name, values, metric, scale_max):
    result = ratings(read, write, name, values)
    assert result.column("rating") == [float(value) for value in values] == result.column("score")
    assert set(result.column("metric")) == {metric}
    assert set(result.column("scale_max")) == {scale_max}


def test_stars_and_words(read, write):
    values = ["5星", "4.0", "⭐⭐⭐", "★★☆☆☆", "很满意", "满意", "一般", "不满意", "很不满意"]
    assert ratings(read, write, "评分", values).column("rating") == [5, 4, 3, 2, 5, 4, 3, 2, 1]


def test_a_rating_that_cannot_be_read_keeps_its_row(read, write):
    result = ratings(read, write, "评分", ["5", "4", "没有", "77", ""])
    assert result.column("rating") == [5.0, 4.0, None, None, None]
    assert result.column("metric")[2] is None
    assert [(one.code, one.count) for one in result.warnings] == [("unreadable_rating", 2)]

import pytest
from tests.files.samples import REVIEWS, csv_text

from huiyin.files import FilesError

PROSE = [f"第{i}次购买，做工不错，就是快递有点慢，希望改进" for i in range(60)]


def table(**columns):
    return csv_text([list(columns), *zip(*columns.values(), strict=True)])


def test_roles_are_found_by_name_in_chinese(write, read):
    result = read(write(csv_text(REVIEWS)))
    expected = {
        "id": "编号",
        "time": "时间",
        "rating": "评分",
        "customer": "用户",
        "product": "产品",
        "text": "内容",
    }
    assert result.mapping == expected
    assert all(column.why for column in result.sources[0].mapping.values())
    assert result.sources[0].samples["用户"] == ["u1", "u2", "u1"]


def test_prose_without_a_telling_name_is_found(write, read):
    assert read(write(table(q7=PROSE, kind=["A1"] * 60))).mapping["text"] == "q7"


def test_a_telling_name_over_labels_loses_to_prose(write, read):
    text = table(comment=["good", "bad"] * 30, q7=PROSE)
    assert read(write(text)).mapping["text"] == "q7"


@pytest.mark.parametrize(
    "values",
    [
        [f"H{i},B{i}," for i in range(60)],
        [f"https://example.com/review/{i}?from=list" for i in range(60)],
        ["very satisfied", "neutral", "unhappy"] * 20,
        ["0", "1"] * 30,
        [f"2024-03-{i % 28 + 1:02d}" for i in range(60)],
    ],
)
def test_codes_urls_labels_and_dates_are_not_text(write, read, values):
    with pytest.raises(FilesError) as caught:
        read(write(table(detail_info=values, number=[str(i) for i in range(60)])))
    assert caught.value.code == "no_text_column"


def test_columns_can_be_named_numbered_or_turned_off(write, read):
    path = write(csv_text(REVIEWS))
    assert read(path, text="产品").column("text") == ["扫地机", "扫地机", "洗衣机"]
    assert read(path, product=6, text="5").column("product")[0] == REVIEWS[1][5]
    assert "rating" not in read(path, rating="").mapping
    assert read(path, channel="京东").column("channel") == ["京东"] * 3


def test_columns_without_a_role_become_attributes(write, read):
    columns = {f"c{i}": ["x" * 300, ""] for i in range(40)}
    result = read(write(table(内容=["这个产品真的很好用", "售后服务太差劲了"], **columns)))
    first, second = (dict(row["attributes"]) for row in result.rows)
    assert list(first) == [f"c{i}" for i in range(30)]
    assert set(first.values()) == {"x" * 200}
    assert second == {}


def test_votes_and_two_valued_columns_are_no_rating(write, read):
    path = write(table(content=PROSE, likes=["3"] * 60, score=["0", "1"] * 30))
    assert "rating" not in read(path).mapping


def test_ids_that_repeat_within_a_small_file_stay(write, read):
    result = read(write("id,内容\n7,这个产品真的很好用\n7,售后服务太差劲了\n8,物流很快包装也好\n"))
    assert result.column("feedback_id") == ["7", "7", "8"]


def test_without_ids_rows_are_counted_from_0_rejected_ones_included(write, read):
    result = read(write("内容,c\n这个产品真的很好用,a\n多,一,格\n售后服务太差劲了,b\n"))
    assert result.column("feedback_id") == ["0", "2"]
    assert result.column("external_id") == [None, None]

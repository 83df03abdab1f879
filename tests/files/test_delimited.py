import pytest
from tests.files.samples import REVIEWS, csv_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_is_found_out(write, read, encoding, delimiter):
    path = write(csv_text(REVIEWS, delimiter=delimiter), encoding=encoding)
    result = read(path)
    assert result.column("text") == [row[5] for row in REVIEWS[1:]]
    assert result.column("external_id") == ["A1", "A2", "A3"]
    assert result.sources[0].delimiter == delimiter
    assert result.rejects == []


def test_line_breaks_inside_quotes_stay_and_do_not_shift_row_numbers(write, read):
    text = 'id,内容\n1,"第一行\n第二行, 还有 ""引号"""\n2,这行多一格,x\n3,这一行是好的\n'
    result = read(write(text), text="内容")
    assert result.column("text") == ['第一行\n第二行, 还有 "引号"', "这一行是好的"]
    assert [(one.row, one.code) for one in result.rejects] == [(3, "ragged")]
    assert result.rejects[0].raw == "2,这行多一格,x"


def test_a_file_of_one_column_is_not_split_at_commas(write, read):
    text = "评论\n很好用,下次还来\n物流太慢了, 等了五天, 不推荐\n客服态度一般般吧\n"
    assert read(write(text)).column("text")[1] == "物流太慢了, 等了五天, 不推荐"


def test_single_quotes_and_backslashes(write, read):
    single = "'id','text'\n'1','it was a good, solid product'\n'2','not good at all, I sent it back'\n"
    assert read(write(single)).column("text")[0] == "it was a good, solid product"
    escaped = 'id,text\n1,"he said \\"never, ever\\" again"\n2,"the shop was nice, really"\n'
    assert read(write(escaped)).column("text")[0] == 'he said "never, ever" again'


def test_titles_above_the_header(write, read):
    text = "门店评价导出,,\n,,\n编号,内容,评分\n1,东西不错下次再来,5\n2,等了一个小时才上菜,1\n"
    result = read(write(text))
    assert result.mapping["text"] == "内容"
    assert result.column("rating") == [5.0, 1.0]


def test_a_stray_quote_costs_one_row_only(write, read):
    lines = ["id,product,content"] + [f"{i},扫地机,第{i}条评论说东西不错" for i in range(2000)]
    lines[1000] = '999,扫地机,"引号没有结束的评论'
    result = read(write("\n".join(lines) + "\n"))
    assert len(result.rows) == 1999
    assert [(one.row, one.code) for one in result.rejects] == [(1001, "unclosed_quote")]


def test_empty_cells_at_the_end_of_a_row_are_no_fault(write, read):
    result = read(write("id,内容\n1,这个产品真的很好用,,\n2,售后服务太差劲了\n"))
    assert len(result.rows) == 2


def test_chinese_that_comes_late_is_still_recognised(write, read):
    rows = "".join(f"{i},a perfectly ordinary comment about the product\n" for i in range(8000))
    data = ("id,comment\n" + rows + "9999,最后一条是中文的评论内容\n").encode("gb18030")
    result = read(write(data))
    assert result.rejects == []
    assert result.rows[-1]["text"] == "最后一条是中文的评论内容"


def test_blank_lines_are_passed_over_but_counted(write, read):
    result = read(write("id,内容\n\n1,这个产品真的很好用\n\n2,多了,一格\n"), text="内容", id="")
    assert result.rejects[0].row == 5
    assert result.column("feedback_id") == ["0"]


def test_batches_are_of_the_size_asked_for(write, read):
    rows = "".join(f"{i},第{i}条评论说东西不错\n" for i in range(5000))
    result = read(write("id,内容\n" + rows), batch_rows=700)
    assert {batch.records.num_rows for batch in result.batches[:-1]} == {700}
    assert result.column("external_id") == [str(i) for i in range(5000)]
    assert result.batches[-1].bytes_read == result.sources[0].size_bytes


def test_a_long_dialogue_in_one_cell_is_not_taken_for_rows(write, read):
    talk = "\n".join(f"客服{i}, 您好请问有什么可以帮您" for i in range(60))
    text = csv_text([["id", "内容"], ["1", talk], ["2", "售后服务太差劲了"]])
    result = read(write(text))
    assert result.column("text") == [talk, "售后服务太差劲了"]

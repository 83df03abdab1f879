import pytest
from tests.files.samples import REVIEWS, csv_text

from huiyin.files import FilesError


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty_file"),
        ("blank.csv", b"\n\n  \n", "empty_file"),
        ("header.csv", "编号,内容\n".encode(), "header_only"),
        ("numbers.csv", b"a,b\n1,2\n3,4\n", "no_text_column"),
        ("paper.pdf", b"%PDF-1.7 and so on", "unsupported_format"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "unsupported_format"),
        ("noise.csv", bytes(range(256)) * 20, "unsupported_format"),
        ("broken.parquet", b"PAR1 and nothing more", "no_reading"),
        ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no_reading"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(write, read, name, content, code):
    with pytest.raises(FilesError) as caught:
        read(write(content, name))
    error = caught.value
    assert error.code == code
    for message in (error.message_zh, error.message_en):
        assert name in message
        assert "\n" not in message


def test_missing_file_and_folder(tmp_path, read):
    for path, code in ((tmp_path / "none.csv", "missing_file"), (tmp_path, "is_directory")):
        with pytest.raises(FilesError) as caught:
            read(path)
        assert caught.value.code == code


def test_no_text_column_lists_the_columns(write, read):
    with pytest.raises(FilesError) as caught:
        read(write("地区,销量\n北京,3\n上海,4\n"))
    assert "地区、销量" in caught.value.message_zh


def test_an_unknown_column_suggests_the_nearest(write, read):
    with pytest.raises(FilesError) as caught:
        read(write("id,customer_comment\n1,this is a rather good product\n"), text="custmer_coment")
    assert caught.value.code == "unknown_column"
    assert "customer_comment" in caught.value.hint_en


@pytest.mark.parametrize(
    "option",
    [
        {"timezone": "Mars/Base"},
        {"encoding": "utf-99"},
        {"delimiter": ",,"},
        {"batch_rows": 0},
        {"limit": -1},
    ],
)
def test_impossible_options_are_refused(write, read, option):
    with pytest.raises(FilesError) as caught:
        read(write(csv_text(REVIEWS)), **option)
    assert caught.value.code == "bad_option"

import subprocess
import sys
from pathlib import Path

from tests.files.samples import SOURCE

from huiyin.files import Limits

HEAD = "id,内容,备注\n"


def test_a_ragged_row_is_rejected_with_its_place(write, read):
    result = read(write(HEAD + "1,这个产品真的很好用,a\n2,少了一格\n3,售后服务太差劲了,b\n"))
    assert result.column("external_id") == ["1", "3"]
    (reject,) = result.rejects
    assert (reject.file, reject.row, reject.code, reject.raw) == (
        "reviews.csv",
        3,
        "ragged",
        "2,少了一格",
    )


def test_undecodable_bytes_cost_their_row_only(write, read):
    for encoding in ("utf-8", "gb18030"):
        good = [f"{i},这个产品真的很好用{i},a\n".encode(encoding) for i in range(50)]
        good[20] = b"20,\xff\xfe\xff,a\n"
        result = read(write(HEAD.encode(encoding) + b"".join(good)))
        assert len(result.rows) == 49
        (reject,) = result.rejects
        assert (reject.row, reject.code, reject.column) == (22, "undecodable", "内容")


def test_nul_is_removed_and_counted(write, read):
    result = read(write(HEAD + "1,很\x00好用的一个产品,a\n2,\x00\x00,a\n3,售后服务太差劲了,b\n"))
    assert result.column("text") == ["很好用的一个产品", "售后服务太差劲了"]
    assert [(one.row, one.code) for one in result.rejects] == [(3, "empty_text")]
    (warning,) = result.warnings
    assert (warning.code, warning.count, warning.examples[0][0]) == ("nul_removed", 2, 2)


def test_no_text_and_no_title_is_rejected_but_a_title_stands_in(write, read):
    result = read(write("标题,内容\n屏幕坏了没人管,\n,\u3000 \n质量真的很好,用了半年没有出过问题\n"))
    assert result.column("text") == ["屏幕坏了没人管", "用了半年没有出过问题"]
    assert result.column("title") == ["屏幕坏了没人管", "质量真的很好"]
    assert [(one.row, one.code) for one in result.rejects] == [(3, "empty_text")]


def test_a_large_cell_rejects_its_row(write, read):
    text = HEAD + f"1,{'很' * 400},a\n2,这个产品真的很好用,b\n"
    result = read(write(text), limits=Limits(cell_bytes=1000))
    assert result.column("external_id") == ["2"]
    (reject,) = result.rejects
    assert (reject.row, reject.code, reject.column) == (2, "cell_too_large", "内容")
    assert len(reject.raw) == 200


def test_a_long_quoted_cell_with_line_breaks_is_skipped_as_one_record(write, read):
    cell = "很好用的产品\n" * 300_000
    text = HEAD + f'1,"{cell}",a\n2,这个产品真的很好用,b\n3,少一格\n'
    result = read(write(text))
    assert result.column("external_id") == ["2"]
    assert [(one.row, one.code) for one in result.rejects] == [(2, "cell_too_large"), (4, "ragged")]


SCRIPT = r"""
import re, sys
from huiyin.files import open_files
with open_files([sys.argv[1]]) as files:
    rows = [row for batch in files.batches() for row in batch.records["external_id"].to_pylist()]
    with open_files([sys.argv[1]]) as again:
        rejects = [(r.row, r.code) for batch in again.batches() for r in batch.rejects]
# Not ru_maxrss: a child inherits that from the process that started it.
print(rows, rejects, int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


def test_a_cell_of_100_mb_neither_fills_memory_nor_stops_the_rest(tmp_path: Path):
    path = tmp_path / "huge.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD + '1,这个产品真的很好用,a\n2,"')
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write('",b\n3,售后服务太差劲了,c\n')
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE)},
    )
    found, _, peak = run.stdout.strip().rpartition(" ")
    assert found == "['1', '3'] [(3, 'cell_too_large')]"
    assert int(peak) < 500

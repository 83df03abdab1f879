import io
import subprocess
import sys

from tests.files.samples import REVIEWS, SOURCE, csv_text

from huiyin.files import INTAKE, ReadOptions, open_files

TEXT = csv_text(REVIEWS)


def test_ids_are_told_apart_by_file(write, read):
    first, second = write(TEXT, "a.csv"), write(TEXT, "b.csv")
    result = read(first, second)
    assert result.column("feedback_id")[::3] == ["a.csv:A1", "b.csv:A1"]
    assert result.column("external_id")[::3] == ["A1", "A1"]


def test_files_of_the_same_name_are_told_apart_too(write, read):
    result = read(write(TEXT, "x/a.csv"), write(TEXT, "y/a.csv"))
    assert len(set(result.column("feedback_id"))) == 6


def test_limit_counts_kept_rows_over_all_files(write, read):
    result = read(write(TEXT, "a.csv"), write(TEXT, "b.csv"), limit=4, batch_rows=2)
    assert len(result.rows) == 4


def test_batches_can_be_read_again_and_have_the_intake_schema(write):
    with open_files([write(TEXT)]) as files:
        first, second = list(files.batches()), list(files.batches())
        assert [batch.records.schema for batch in first] == [INTAKE]
        assert first[0].records.equals(second[0].records)
        assert first[-1].bytes_read == files.total_bytes
        assert files.estimated_rows == 3


def test_standard_input_of_any_format(workbook):
    for data in (TEXT.encode("gb18030"), workbook({"Sheet": REVIEWS}).read_bytes()):
        with open_files(["-"], ReadOptions(), stdin=io.BytesIO(data)) as files:
            (batch,) = files.batches()
            assert batch.records["source"].to_pylist() == ["stdin"] * 3


def test_standard_input_of_a_process():
    script = "from huiyin.files import open_files\nwith open_files(['-']) as f: print(sum(b.records.num_rows for b in f.batches()))"
    run = subprocess.run(
        [sys.executable, "-c", script],
        input=TEXT.encode(),
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE)},
    )
    assert run.stdout.split() == [b"3"]

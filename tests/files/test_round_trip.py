import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.samples import csv_text

from huiyin.files import ReadOptions, open_files

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=12)
rows = st.lists(st.tuples(cells.map(lambda cell: "x" + cell), cells, cells), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    rows,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]),
)
def test_any_table_comes_back_as_it_was_written(table, delimiter, encoding):
    text = csv_text([("text", "c1", "c2"), *table], delimiter=delimiter)
    options = ReadOptions(text="text", encoding=encoding, **dict.fromkeys(("id", "time", "rating", "title"), ""))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(text.encode(encoding))
        with open_files([path], options) as files:
            batches = list(files.batches())
            assert [reject for batch in batches for reject in batch.rejects] == []
            records = [row for batch in batches for row in batch.records.to_pylist()]
    assert [row["text"] for row in records] == [row[0] for row in table]
    expected = [{key: value for key, value in zip(("c1", "c2"), row[1:], strict=True) if value} for row in table]
    assert [dict(row["attributes"]) for row in records] == expected

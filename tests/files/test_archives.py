import gzip
import io
import zipfile

import pytest
from tests.files.samples import REVIEWS, csv_text

from huiyin.files import FilesError, Limits

TEXT = csv_text(REVIEWS)


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return target.getvalue()


def test_gzip(write, read):
    path = write(gzip.compress(TEXT.encode("gb18030")), "reviews.csv.gz")
    result = read(path)
    assert len(result.rows) == 3
    assert result.batches[-1].bytes_read == path.stat().st_size
    assert result.column("source") == ["reviews.csv.gz"] * 3


def test_zip_gives_every_table_in_it(write, read):
    data = zipped(a_csv=TEXT.encode(), b__c_csv_gz=gzip.compress(TEXT.encode()), readme_md=b"no table")
    result = read(write(data, "all.zip"))
    assert [source.name for source in result.sources] == ["all.zip/a.csv", "all.zip/b/c.csv.gz"]
    assert result.rows[0]["feedback_id"] == "all.zip/a.csv:A1"
    assert len(result.rows) == 6


def test_parquet_and_xlsx_inside_an_archive(write, read, workbook, parquet):
    data = zipped(a_xlsx=workbook({"Sheet": REVIEWS}).read_bytes(), b_parquet=parquet(REVIEWS).read_bytes())
    assert len(read(write(data, "all.zip")).rows) == 6


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.csv.gz", gzip.compress(TEXT.encode() * 50)[:120]),
        ("wrong.csv.gz", b"this is no gzip file at all"),
        ("cut.zip", zipped(a_csv=TEXT.encode())[:150]),
        ("wrong.zip", b"this is no zip file at all"),
    ],
)
def test_a_broken_archive_is_refused(write, read, name, data):
    with pytest.raises(FilesError) as caught:
        read(write(data, name))
    assert caught.value.code == "broken_archive"


BOMB = b"id,text\n" + b"1,this is a perfectly ordinary comment\n" * 60_000


@pytest.mark.parametrize("limits", [Limits(ratio=20, ratio_after_bytes=1_000_000), Limits(uncompressed_bytes=1_000_000)])
@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.zip"])
def test_a_bomb_is_refused(write, read, name, limits):
    data = gzip.compress(BOMB) if name.endswith("gz") else zipped(a_csv=BOMB)
    with pytest.raises(FilesError) as caught:
        read(write(data, name), limits=limits)
    assert caught.value.code == "zip_bomb"


def test_a_bomb_whose_directory_lies_is_stopped_while_it_streams(write, read):
    inner = gzip.compress(BOMB)
    path = write(zipped(a_csv_gz=inner), "nested.zip")
    with pytest.raises(FilesError) as caught:
        read(path, limits=Limits(uncompressed_bytes=1_000_000))
    assert caught.value.code == "zip_bomb"


def test_a_zip_with_a_password_is_refused(write, read):
    data = bytearray(zipped(a_csv=TEXT.encode()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + offset] |= 1
    with pytest.raises(FilesError) as caught:
        read(write(bytes(data), "secret.zip"))
    assert caught.value.code == "encrypted"

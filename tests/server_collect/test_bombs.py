"""Archives and workbooks that swell: refused at the web upload and at the upload of operations, with a reason, and before anything is kept."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.models import SourceRun
from huiyin.server.understand.operations.models import Feed, FeedRun

pytestmark = pytest.mark.django_db
SWOLLEN = 120_000_000
"""Bytes of which a bomb pretends to be small; beyond the size from which the ratio counts."""


def packed(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def workbook(sheet: bytes) -> bytes:
    kinds = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    book = (
        b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    links = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    parts = {"[Content_Types].xml": kinds, "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": links, "xl/worksheets/sheet1.xml": sheet}
    return packed(parts)


def declared_large(data: bytes, size: int = 0xF0000000) -> bytes:
    """The same archive, whose directory says that its last part is huge."""
    changed = bytearray(data)
    at = changed.rfind(b"PK\x01\x02")
    changed[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(changed)


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    blanks = "编号,评价内容\n1,好\n".encode() + b" " * SWOLLEN
    inner = gzip.compress(blanks, 1)
    return {
        "bomb.csv.gz": inner,
        "bomb.zip": packed({"a.csv": blanks}),
        "nested.zip": packed({"a.csv.gz": gzip.compress(blanks, 9)}),
        "bomb.xlsx": declared_large(workbook(b"<worksheet/>")),
    }


@pytest.fixture
def lead(facts, person, settings, tmp_path) -> Client:
    settings.DATA = tmp_path
    client = Client()
    client.force_login(person("cx_lead"))
    return client


NAMES = ("bomb.csv.gz", "bomb.zip", "nested.zip", "bomb.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_the_web_upload_refuses_it(name, bombs, lead):
    assert len(bombs[name]) < 2_000_000
    answer = lead.post("/sources/upload/", {"name": "评论", "files": SimpleUploadedFile(name, bombs[name])})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'class="error' in page or "errorlist" in page
    assert not SourceRun.objects.exists()
    assert not Inbox.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_upload_of_operations_refuses_it(name, bombs, lead):
    feed = Feed.objects.create(way="file", key="orders", name="订单")
    answer = lead.post(f"/operations/feeds/{feed.pk}/upload/", {"file": SimpleUploadedFile(name, bombs[name])})
    assert answer.status_code == 422
    assert not FeedRun.objects.exists()

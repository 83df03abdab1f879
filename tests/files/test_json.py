import json

import pytest

from huiyin.files import FilesError

OBJECTS = [
    {
        "id": 1,
        "content": "这个产品真的很好用",
        "rating": 5,
        "tags": ["好", "快"],
        "created_at": 1709619600,
    },
    {
        "id": 2,
        "content": "售后服务\n太差劲了",
        "rating": None,
        "user": {"name": "张"},
        "created_at": 1709619700,
    },
]


def test_json_lines(write, read):
    result = read(write("\n".join(json.dumps(one, ensure_ascii=False) for one in OBJECTS), "r.jsonl"))
    assert result.column("text") == ["这个产品真的很好用", "售后服务\n太差劲了"]
    assert result.column("external_id") == ["1", "2"]
    assert result.column("rating") == [5.0, None]
    assert result.rows[0]["occurred_at"].isoformat() == "2024-03-05T06:20:00+00:00"
    assert dict(result.rows[0]["attributes"]) == {"tags": '["好", "快"]'}


def test_faulty_lines_are_rejected_one_by_one(write, read):
    good = [json.dumps({"text": f"第{i}条评论说东西不错"}).encode() for i in range(3)]
    lines = [good[0], b'{"text": "cut', b"[1, 2]", b'{"text": "\xff\xfe"}', b"", good[1], good[2]]
    result = read(write(b"\n".join(lines), "r.jsonl"))
    assert len(result.rows) == 3
    found = [(one.row, one.code) for one in result.rejects]
    assert found == [(2, "bad_json"), (3, "bad_json"), (4, "undecodable")]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_file(write, read, indent):
    objects = OBJECTS * 3000
    result = read(write(json.dumps(objects, indent=indent, ensure_ascii=False), "r.json"), id="id")
    assert len(result.rows) == 6000


def test_an_array_that_breaks_off_is_refused(write, read):
    text = json.dumps(OBJECTS * 10)
    with pytest.raises(FilesError) as caught:
        read(write(text[: len(text) // 2], "r.json"))
    assert caught.value.code == "no_reading"

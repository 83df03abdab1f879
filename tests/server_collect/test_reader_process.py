"""The reader process: rebuilt when it breaks, gone when its server is."""

from __future__ import annotations

import os
import signal

import pytest

from huiyin.server.understand.reading.local import LocalReader
from huiyin.server.understand.reading.process import ReaderBroken, ReaderProcess, ReaderRefused, ReaderUnready


@pytest.fixture(scope="module")
def reader():
    process = ReaderProcess()
    yield process
    process.stop()


def test_it_reads_as_this_process_would(reader):
    texts = ["房间不错，早餐太差", "", "打 13812345678 找我"]
    there, here = reader.read("general", texts), LocalReader().read("general", texts)
    assert there.version == here.version
    assert {name: one.to_pylist() for name, one in there.feedback.items()} == {name: one.to_pylist() for name, one in here.feedback.items()}
    assert there.mentions["opinion"].to_pylist() == here.mentions["opinion"].to_pylist()
    assert there.minhash.tolist() == here.minhash.tolist()


def test_killed_it_says_so_and_the_next_batch_has_a_new_one(reader):
    reader.start()
    before = reader.pid
    os.kill(before, signal.SIGKILL)
    try:
        reader.read("general", ["好"])
    except (ReaderBroken, ReaderUnready):
        reader.read("general", ["好"])
    assert reader.pid != before


def test_a_taxonomy_that_is_none_is_refused_in_words_and_the_process_lives(reader):
    reader.start()
    before = reader.pid
    with pytest.raises(ReaderRefused) as refused:
        reader.read("no such", ["好"])
    assert "no such" in refused.value.message_zh
    assert reader.pid == before


def test_a_process_that_dies_before_it_comes_to_the_texts_does_not_blame_them(reader, monkeypatch):
    reader.stop()
    # An interpreter that cannot start: as when the disk is full or memory is short.
    monkeypatch.setenv("PYTHONMALLOC", "no such allocator")
    with pytest.raises(ReaderUnready) as refused:
        reader.read("general", ["好"])
    assert "没能启动" in refused.value.message_zh
    monkeypatch.delenv("PYTHONMALLOC")
    assert reader.read("general", ["好"]).letters.tolist() == [1]

"""A full, a read-only, a damaged disk: said in plain words, nothing acknowledged lost, nothing made worse."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.facts import world

from huiyin.facts import DuckDBFacts, FactsError, StoreDamaged

ROOT = Path(__file__).resolve().parents[2]
FULL = """
import sys
from pathlib import Path
from huiyin.facts import DuckDBFacts, DiskFull, FactsError
from tests.facts import world
path, kind = Path(sys.argv[1]), sys.argv[2]
facts, done = DuckDBFacts(path), 0
try:
    for number in range(2000):
        facts.append(*world.batch(200, prefix=f"n{number}-"))
        done += 1
        if kind != "append" and number == 10:
            getattr(facts, kind)(*([path.with_name("backup.duckdb")] if kind == "backup" else []))
            print("fits", done); sys.exit(3)
except DiskFull as error:
    print(error.message_zh)
# The same process goes on reading, and after room was made it writes again.
print("read", facts.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py(), done)
filler = path.with_name("filler")
filler.unlink()
facts.append(*world.batch(200, prefix="after-"))
done += 1
print("wrote", facts.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py())
facts.close()
with DuckDBFacts(path) as facts:
    print("again", facts.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py())
print("done", done)
"""


def on_small_disk(folder: Path, size: str, filler: int, kind: str) -> subprocess.CompletedProcess[str]:
    """The script on a disk of its own, part of which a filler takes."""
    folder.mkdir()
    program = folder.with_suffix(".py")
    program.write_text(FULL, encoding="utf-8")
    script = (
        f'mount -t tmpfs -o size={size} tmpfs "{folder}" && head -c {filler} /dev/zero > "{folder}/filler" && '
        f'exec "{sys.executable}" "{program}" "{folder}/facts.duckdb" {kind}'
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "PYTHONUTF8": "1"}
    return subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script], capture_output=True, text=True, env=environment, check=False, timeout=300
    )


@pytest.mark.parametrize(("kind", "room"), [("append", 2_000_000), ("append", 3_300_000), ("vacuum", 2_600_000), ("backup", 1_900_000)])
def test_a_full_disk_loses_nothing_and_the_service_goes_on_when_there_is_room(tmp_path, kind, room):
    # Beside the filler there is room enough to begin, not enough to finish.
    done = on_small_disk(tmp_path / "disk", "12m", 12_000_000 - room, kind)
    if done.returncode == 3:
        pytest.fail(f"the disk was not full: {done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.strip().split("\n")
    assert "磁盘满了" in lines[0]
    assert "Traceback" not in done.stderr
    numbers = {line.split()[0]: [int(one) for one in line.split()[1:]] for line in lines[1:]}
    rows, batches = numbers["read"]
    assert rows == batches * 200
    assert numbers["wrote"] == numbers["again"] == [numbers["done"][0] * 200]


def test_a_read_only_disk_is_named(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    path = disk / "facts.duckdb"
    with DuckDBFacts(path) as facts:
        facts.append(*world.batch(20))
    before = path.read_bytes()
    code = (
        "import sys; from pathlib import Path; from huiyin.facts import DuckDBFacts, StoreReadOnly\n"
        "try: DuckDBFacts(Path(sys.argv[1]))\nexcept StoreReadOnly as error: print(error.message_zh, '|', error.message_en)"
    )
    script = f'mount --bind "{disk}" "{disk}" && mount -o remount,ro,bind "{disk}" && exec "{sys.executable}" -c "$CODE" "{path}"'
    environment = {**os.environ, "CODE": code, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script], capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert str(path) in done.stdout
    assert "只读" in done.stdout and "read-only" in done.stdout
    assert path.read_bytes() == before


def test_a_place_that_is_no_file_is_named(tmp_path):
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "folder", tmp_path / "missing" / "facts.duckdb"):
        with pytest.raises(FactsError) as refusal:
            DuckDBFacts(place)
        assert str(place) in refusal.value.message_zh


def sound(path: Path) -> bytes:
    with DuckDBFacts(path) as facts:
        facts.append(*world.batch(300))
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["headers", "text", "empty head", "half"])
def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path, kind):
    path = tmp_path / "facts.duckdb"
    content = sound(path)
    broken = {
        "headers": content[:64] + bytes(4096 * 3 - 64) + content[4096 * 3 :],
        "text": b"feedback_id,text\n" * 2000,
        "empty head": bytes(4096) + content[4096:],
        "half": content[: 262144 + 5000],
    }[kind]
    path.write_bytes(broken)
    with pytest.raises(StoreDamaged) as refusal, DuckDBFacts(path) as facts:
        facts.verify()
    assert str(path) in refusal.value.message_zh
    assert "备份" in refusal.value.message_zh and "backup" in refusal.value.message_en
    assert path.read_bytes() == broken


def test_flipped_bits_are_found_and_not_made_worse(tmp_path):
    path = tmp_path / "facts.duckdb"
    content = sound(path)
    rng = random.Random(3)
    found = 0
    for _ in range(12):
        block = rng.randrange((len(content) - 12288) // 262144)
        broken = bytearray(content)
        broken[12288 + block * 262144 + rng.randrange(8, 4096)] ^= 1 << rng.randrange(8)
        path.write_bytes(broken)
        try:
            with DuckDBFacts(path) as facts:
                facts.verify()
        except StoreDamaged:
            found += 1
            assert path.read_bytes() == bytes(broken)
    # A block that nothing refers to any more may be flipped unseen.
    assert found >= 6


def test_a_torn_log_loses_no_more_than_what_was_torn(tmp_path):
    path = tmp_path / "facts.duckdb"
    code = "import sys, os; from pathlib import Path; from huiyin.facts import DuckDBFacts; from tests.facts import world\nf = DuckDBFacts(Path(sys.argv[1]))\nfor n in range(5): f.append(*world.batch(20, prefix=f'n{n}-'))\nos._exit(0)"
    subprocess.run(
        [sys.executable, "-c", code, str(path)], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    )
    log = path.with_name("facts.duckdb.wal")
    whole = log.read_bytes()
    base = path.read_bytes()
    for cut in (len(whole) - 1, len(whole) - 700, len(whole) // 2):
        path.write_bytes(base)
        log.write_bytes(whole[:cut])
        with DuckDBFacts(path) as facts:
            batches = facts.query("SELECT split_part(feedback_id, '-', 1) AS batch, count(*) AS n FROM feedback GROUP BY 1 ORDER BY 1").to_pylist()
        assert [row["batch"] for row in batches] == [f"n{number}" for number in range(len(batches))]
        assert all(row["n"] == 20 for row in batches)
        assert len(batches) < 5

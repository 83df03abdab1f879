"""The command as a user types it: one line for every refusal, the documented exit code, no traceback."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests import voices


def huiyin(*arguments: object, language: str = "zh_CN.UTF-8", stdin: bytes | None = None, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LANG": language, "LC_ALL": language, "PYTHONUTF8": "1"}
    environment.pop("HUIYIN_LANG", None)
    done = subprocess.run(
        [sys.executable, "-m", "huiyin", *map(str, arguments)], input=stdin, capture_output=True, env=environment, timeout=300, check=False, **options
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def test_analyze_prints_the_path_of_the_report(tmp_path):
    done = huiyin("analyze", voices.write(tmp_path / "a.csv"), "--out", tmp_path / "out", "--taxonomy", "hotel")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "out" / "report.html")
    assert "读 400 条" in done.stderr
    assert "列名“内容”" in done.stderr


def test_quiet_says_nothing_but_the_path(tmp_path):
    done = huiyin("analyze", voices.write(tmp_path / "a.csv"), "--out", tmp_path / "out", "--quiet")
    assert done.stderr == ""
    assert done.stdout.strip().endswith("report.html")


def test_standard_input(tmp_path):
    content = voices.write(tmp_path / "a.csv").read_bytes()
    done = huiyin("analyze", "-", "--out", tmp_path / "out", "--quiet", stdin=content)
    assert done.returncode == 0, done.stderr


def test_the_users_language(tmp_path):
    refused(huiyin("analyze", tmp_path / "none.csv", "--out", tmp_path / "out"), 3, "找不到文件")
    refused(huiyin("analyze", tmp_path / "none.csv", "--out", tmp_path / "out", language="en_US.UTF-8"), 3, "No such file")


def make(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", b"", "空"),
        ("header.csv", "编号,内容\n".encode(), "表头"),
        ("numbers.csv", b"a,b\n1,2\n3,4\n5,6\n", "内容"),
        ("broken.csv.gz", b"\x1f\x8b\x08\x00garbage", "损坏"),
        ("locked.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1024, "密码"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "格式"),
    ],
)
def test_inputs_that_cannot_be_used(tmp_path, name, content, word):
    refused(huiyin("analyze", make(tmp_path, name, content), "--out", tmp_path / "out"), 3, word)
    assert not (tmp_path / "out").exists()


def test_a_folder_is_no_file(tmp_path):
    refused(huiyin("analyze", tmp_path, "--out", tmp_path / "out"), 3, "文件夹")


def test_a_misspelt_column_suggests_the_nearest(tmp_path):
    path = voices.write(tmp_path / "a.csv", header=["id", "time", "user", "product", "rating", "content"])
    refused(huiyin("analyze", path, "--out", tmp_path / "out", "--text", "contnet"), 2, "contnet", "content")


def test_an_unknown_taxonomy(tmp_path):
    path = voices.write(tmp_path / "a.csv", voices.rows(20))
    refused(huiyin("analyze", path, "--out", tmp_path / "out", "--taxonomy", "hotels"), 5, "hotels")


def test_a_damaged_model(tmp_path):
    path = voices.write(tmp_path / "a.csv", voices.rows(20))
    make(tmp_path, "heads.npz", b"nonsense")
    refused(huiyin("analyze", path, "--out", tmp_path / "out", "--model", tmp_path), 5, "heads.npz")


def test_out_is_a_file(tmp_path):
    path = voices.write(tmp_path / "a.csv", voices.rows(20))
    refused(huiyin("analyze", path, "--out", make(tmp_path, "out", b"x")), 4)


def test_out_is_not_empty(tmp_path):
    path = voices.write(tmp_path / "a.csv", voices.rows(20))
    make(tmp_path, "x", b"x")
    refused(huiyin("analyze", path, "--out", tmp_path), 4, "--force")


def test_out_cannot_be_written(tmp_path):
    path = voices.write(tmp_path / "a.csv", voices.rows(20))
    refused(huiyin("analyze", path, "--out", "/proc/huiyin/out"), 4)


def test_a_full_disk(tmp_path):
    """A real one: a small file system in a mount namespace of its own; a file size limit where namespaces are not to be had."""
    path = voices.write(tmp_path / "a.csv", voices.rows(4000))
    out = tmp_path / "small"
    out.mkdir()
    script = f'mount -t tmpfs -o size=900k tmpfs "{out}" && exec "{sys.executable}" -m huiyin analyze "{path}" --out "{out}/result" --quiet'
    environment = {**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script], capture_output=True, env=environment, check=False, timeout=300
    )
    error = done.stderr.decode()
    assert "Traceback" not in error, error
    assert done.returncode == 4, error
    assert "磁盘满了" in error


def test_a_zip_of_two_files_reads_both(tmp_path):
    first = voices.write(tmp_path / "a.csv", voices.rows(40))
    second = voices.write(tmp_path / "b.csv", voices.rows(40, seed=2))
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.write(first, "a.csv")
        archive.write(second, "b.csv")
    done = huiyin("analyze", tmp_path / "both.zip", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "读 80 条" in done.stderr


def test_nothing_that_can_be_kept(tmp_path):
    path = make(tmp_path, "a.csv", "编号,内容\n1,\n2,  \n3,\n".encode())
    done = huiyin("analyze", path, "--out", tmp_path / "out", "--text", "内容", "--quiet")
    refused(done, 3)


def test_mask_reads_lines_and_writes_lines(tmp_path):
    done = huiyin("mask", "-", stdin="电话13800138000\n\n没有号码\n".encode())
    assert done.stdout == "电话【手机号】\n\n没有号码\n"
    path = make(tmp_path, "a.txt", "王女士来电".encode())
    assert huiyin("mask", path).stdout == "【姓名】女士来电\n"


def test_wrong_usage_is_two():
    assert huiyin("analyze").returncode == 2
    assert huiyin("dance").returncode == 2


def test_ctrl_c_leaves_a_finished_partial_result(tmp_path):
    data = [[f"{block}-{row[0]}", *row[1:]] for block in range(150) for row in voices.rows()]
    path = voices.write(tmp_path / "a.csv", data)
    environment = {**os.environ, "HUIYIN_LANG": "zh", "PYTHONUTF8": "1"}
    arguments = [sys.executable, "-m", "huiyin", "analyze", str(path), "--out", str(tmp_path / "out")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True) as job:
        for line in job.stderr:
            # The pack is chosen from the first batch of three: now it is reading.
            if "标签体系" in line:
                job.send_signal(signal.SIGINT)
                break
        out, error = job.communicate(timeout=300)
    assert job.returncode == 130, error
    assert "中途停止" in error
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run["partial"]
    assert 0 < run["rows"]["read"] < len(data)
    assert Path(out.strip()).is_file()
    assert not (tmp_path / "out" / ".huiyin-work").exists()


def test_kill_9_leaves_nothing_that_hinders_the_next_run(tmp_path):
    path = voices.write(tmp_path / "a.csv", [[f"{block}-{row[0]}", *row[1:]] for block in range(150) for row in voices.rows()])
    arguments = [sys.executable, "-m", "huiyin", "analyze", str(path), "--out", str(tmp_path / "out")]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, env={**os.environ, "HUIYIN_LANG": "zh", "PYTHONUTF8": "1"}, text=True) as job:
        for line in job.stderr:
            if "标签体系" in line:
                job.kill()
                break
    assert [one.name for one in (tmp_path / "out").iterdir()] == [".huiyin-work"]
    done = huiyin("analyze", path, "--out", tmp_path / "out", "--limit", "500", "--quiet")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "out" / ".huiyin-work").exists()

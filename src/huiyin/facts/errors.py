"""What a store refuses or fails at, said in both languages: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb


class FactsError(RuntimeError):
    """A refusal or failure of the facts; both messages are one line and name the store."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        self.message_zh, self.message_en = (" ".join(message.split()) for message in (message_zh, message_en))
        super().__init__(f"{self.message_zh} / {self.message_en}")


class BatchRefused(FactsError):
    """A batch that cannot be a batch of facts: nothing of it was written."""


class StoreHeld(FactsError):
    """Another process has the store open."""


class StoreDamaged(FactsError):
    """The file is no store, or its contents do not match their checksums. It was left as it is."""


class StoreTooNew(FactsError):
    """The store was written by a later release."""


class DiskFull(FactsError):
    """No room for the write; everything acknowledged before it is kept."""


class StoreReadOnly(FactsError):
    """The place of the store cannot be written."""


_FULL = re.compile(r"no space left|disk full|file too large|could not write (all )?bytes|not enough space|quota exceeded", re.IGNORECASE)
_READ_ONLY = re.compile(r"read-only file system|permission denied|operation not permitted|is a directory", re.IGNORECASE)
_DAMAGED = re.compile(
    r"not a valid duckdb|checksum|corrupt|serializ|deserializ|malformed|unexpected end|failed to load metadata|out of bounds"
    r"|could not read (all|enough) (of the )?(file|bytes)|attempting to fetch|magic bytes|only read \d+ bytes|replaying wal",
    re.IGNORECASE,
)
_LOCKED = re.compile(r"could not set lock.*?(?:PID (\d+)|$)", re.IGNORECASE | re.DOTALL)


def explained(error: BaseException, place: Path | str | None) -> FactsError | None:
    """The plain words for what the engine or the system reported; None where it is about the query and not about the store."""
    if isinstance(error, FactsError):
        return error
    # What is wrong with a query or a value is the caller's: its words may say anything, "disk full" too.
    if not isinstance(error, duckdb.Error | OSError) or isinstance(error, duckdb.ProgrammingError | duckdb.DataError):
        return None
    said, where = str(error), str(place or ":memory:")
    locked = _LOCKED.search(said)
    if locked:
        return held(where, int(locked[1]) if locked[1] else None, None, None)
    if _FULL.search(said):
        return DiskFull(
            f"磁盘满了，没能写入 {where}；之前确认过的都在。腾出空间后再试一次",
            f"the disk is full, {where} was not written; all that was acknowledged before is kept. Make room and try again",
        )
    if isinstance(error, duckdb.IOException | OSError) and _READ_ONLY.search(said):
        return StoreReadOnly(
            f"不能写 {where}：磁盘只读，或没有权限。换一个能写的位置，或修改权限",
            f"{where} cannot be written: the disk is read-only or permission is missing. Choose another place or change the permission",
        )
    if isinstance(error, duckdb.Error) and _DAMAGED.search(said):
        return damaged(where, said)
    if isinstance(error, OSError | duckdb.IOException):
        return FactsError(f"读写 {where} 失败：{said}", f"reading or writing {where} failed: {said}")
    return None


def damaged(where: Path | str, detail: str) -> StoreDamaged:
    """The refusal of a file whose contents cannot be trusted."""
    short = " ".join(detail.split())[:160]
    return StoreDamaged(
        f"{where} 不是完好的数据文件，没有动它（{short}）。请从备份恢复，或从原始反馈重建",
        f"{where} is not a sound facts file and was left as it is ({short}). Restore a backup, or rebuild from the raw feedback",
    )


def held(where: Path | str, pid: int | None, command: str | None, since: str | None) -> StoreHeld:
    """The refusal of a store that another process holds: who, since when, and what to do."""
    command = command or _command_of(pid)
    return StoreHeld(
        f"{where} 正被另一个进程使用：进程号 {pid or '不详'}，命令 {command or '不详'}，自 {since or '不详'}。"
        "服务运行时请通过它的网页或 HTTP API 操作；确认不再需要它时先停掉它，再试一次",
        f"{where} is held by another process: pid {pid or 'unknown'}, command {command or 'unknown'}, since {since or 'unknown'}. "
        "While the server runs, work through its pages or its HTTP API; if it is no longer needed, stop it and try again",
    )


def _command_of(pid: int | None) -> str | None:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or None
    except OSError:
        return None

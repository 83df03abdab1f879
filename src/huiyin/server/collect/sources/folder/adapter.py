"""A folder on the server that is looked into by schedule. Files are left as they are; each version of a file is taken in once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.files import FilesError, open_files
from huiyin.server.collect.feedback.identity import digest
from huiyin.server.collect.feedback.records import dumps
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Pulled, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.upload.adapter import file_steps, read_options

_SETTLED = 10.0
"""Seconds since the last change after which a file counts as written to its end."""
_REMEMBERED = 5000


def roots() -> list[Path]:
    """Folders within which a source may look: `inbox` of the data folder, and HUIYIN_FOLDERS (separated as in PATH)."""
    named = [Path(one) for one in os.environ.get("HUIYIN_FOLDERS", "").split(os.pathsep) if one]
    return [one.resolve() for one in [Path(settings.DATA) / "inbox", *named]]


class Folder(Adapter):
    """New and changed files of a folder."""

    kind = "folder"
    name = _("监视文件夹")
    about = _("别的系统把文件放进服务器上的一个文件夹，到点就读")
    pulls = True
    settings = (
        Setting("path", _("文件夹"), "text", True, _("要在数据文件夹的 inbox 或 HUIYIN_FOLDERS 列出的文件夹里面")),
        Setting("pattern", _("文件名"), "text", help=_("例如 *.csv，留空是全部"), default="*"),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """The folder lies within those the operator opened."""
        path = Path(str(config["path"])).expanduser()
        resolved = (path if path.is_absolute() else roots()[0] / path).resolve()
        if not any(resolved == root or root in resolved.parents for root in roots()):
            raise SourceRefused("这个文件夹没有开放给来源读", "This folder is not open to sources", "path")
        return {**config, "path": str(resolved), "pattern": config.get("pattern") or "*"}

    def test(self, source: Source) -> Trial:
        """The folder is there and can be read."""
        files = list(self._files(source))
        return Trial(f"文件夹能读，里面有 {len(files)} 个文件", f"The folder can be read and holds {len(files)} files", {"files": len(files)})

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The first records of the newest file."""
        files = sorted(self._files(source), key=lambda path: path.stat().st_mtime)
        if not files:
            return []
        with open_files(files[-1:], read_options({})) as opened:
            first: list[dict[str, Any]] = next(iter(opened.batches())).records.slice(0, most).to_pylist()
            return first

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """New and changed files, the oldest first. `cursor`: `seen` versions, and of the file in hand how many batches are kept."""
        self.check(source.config, {})
        seen: dict[str, str] = dict((cursor or {}).get("seen", {}))
        inside = (cursor or {}).get("inside", {})
        for path in sorted(self._files(source), key=lambda one: (one.stat().st_mtime, one.name)):
            status = path.stat()
            version = f"{status.st_size}-{status.st_mtime_ns}"
            if seen.get(path.name) == version or timezone.now().timestamp() - status.st_mtime < _SETTLED:
                continue
            already = int(inside.get("batches", 0)) if inside.get("file") == [path.name, version] else 0
            try:
                with open_files([path], read_options({})) as files:
                    for step in file_steps(files, [path], already):
                        place = {"file": [path.name, version], **step.cursor}
                        yield Pulled(step.entries, {"seen": seen, "inside": place}, step.done, step.total)
                refused: list[Entry] = []
            except FilesError as error:
                refused = [Entry("!" + digest(f"{path.name}{version}"), dumps({"file": path.name}), reason=error.code[:40], detail=error.message_zh)]
            seen = dict([*seen.items(), (path.name, version)][-_REMEMBERED:])
            yield Pulled(refused, {"seen": seen, "inside": {}})

    def _files(self, source: Source) -> Iterator[Path]:
        folder = Path(source.config["path"])
        if not folder.is_dir():
            raise SourceRefused(f"没有这个文件夹：{folder.name}", f"There is no such folder: {folder.name}", "path", passing=True)
        for path in folder.iterdir():
            # A link may point anywhere; only files that lie here are read.
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".") and fnmatch(path.name, source.config["pattern"]):
                yield path


ADAPTER = Folder()

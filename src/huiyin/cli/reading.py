"""Options that say how files are read, shared by every command that reads files."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from huiyin.analyze import AnalyzeOptions
from huiyin.cli.language import say
from huiyin.files import ReadOptions

_COLUMNS = ("text", "id", "time", "rating", "product", "customer", "brand", "region", "store", "segment", "title")
_TAKEN = {"store": "store_column"}
"""Where an option of the command line bears a column's name, the column's is longer."""


def add_reading_options(command: argparse.ArgumentParser, taken: tuple[str, ...] = ("store",)) -> None:
    """Column names, taxonomy, model and form of the files. Columns in `taken` are called `--NAME-column`."""
    for name in _COLUMNS:
        flag = f"--{name}-column" if name in taken else f"--{name}"
        command.add_argument(flag, dest=_TAKEN.get(name, name) if name in taken else name, metavar="COL")
    command.add_argument("--channel", metavar="NAME", help=say("全部记录的渠道名", "channel name for every record"))
    command.add_argument("--taxonomy", default="auto", metavar="PACK|FILE")
    command.add_argument("--model", type=Path, metavar="DIR")
    command.add_argument("--limit", type=int, metavar="N")
    command.add_argument("--sheet")
    command.add_argument("--encoding")
    command.add_argument("--delimiter")
    command.add_argument("--timezone", default="Asia/Shanghai", metavar="ZONE", help=say("没写时区的时间按它算", "zone of times that name none"))


def reading_options(options: argparse.Namespace) -> AnalyzeOptions:
    """The options as the job takes them."""
    columns: dict[str, Any] = {name: _column(getattr(options, _TAKEN.get(name, name), None) or _plain(options, name)) for name in _COLUMNS}
    read = replace(
        ReadOptions(),
        **columns,
        channel=options.channel,
        sheet=options.sheet,
        encoding=options.encoding,
        delimiter=options.delimiter,
        timezone=options.timezone,
        limit=options.limit,
    )
    return AnalyzeOptions(read, options.taxonomy, options.model, getattr(options, "force", False))


def _plain(options: argparse.Namespace, name: str) -> str | None:
    """A column's own option; where the command uses the name for something else there is none."""
    taken = _TAKEN.get(name)
    return None if taken and hasattr(options, taken) else getattr(options, name, None)


def _column(given: str | None) -> str | int | None:
    """A column by name, or by its number from 1."""
    return int(given) if given is not None and given.isdecimal() else given

"""Commands on a lasting store: `import`, `backup`, `restore`, `verify`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from huiyin.analyze import import_files
from huiyin.analyze.progress import Silent
from huiyin.cli.console import TerminalProgress
from huiyin.cli.language import say
from huiyin.cli.reading import add_reading_options, reading_options
from huiyin.facts import open_facts, restore, verify

_INTERRUPTED = 130


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the command line."""
    load = commands.add_parser("import", help=say("把反馈文件读进一个长期的库", "read files of feedback into a lasting store"))
    load.add_argument("files", nargs="+", metavar="FILE")
    _add_store(load)
    load.add_argument("--source", metavar="NAME", help=say("来源名；同一来源同一编号算同一条", "name of the source; same source and id, same record"))
    load.add_argument("--rejects", type=Path, metavar="DIR", help=say("拒收清单写在这里", "where to write the list of rejected rows"))
    add_reading_options(load)
    load.add_argument("--quiet", action="store_true")
    save = commands.add_parser("backup", help=say("备份一个库，运行中也可以", "copy a store, also while it is in use here"))
    _add_store(save)
    save.add_argument("target", type=Path, metavar="FILE")
    back = commands.add_parser("restore", help=say("用备份换下一个库", "put a backup in the place of a store"))
    back.add_argument("backup", type=Path, metavar="FILE")
    _add_store(back)
    check = commands.add_parser("verify", help=say("逐值读一遍库或备份", "read every value of a store or backup"))
    check.add_argument("path", type=Path, metavar="FILE")


def _add_store(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--store",
        required=True,
        metavar="STORE",
        help=say("库：一个文件，或 ClickHouse 的地址 http://…", "the store: a file, or a ClickHouse address http://…"),
    )


def run_import(options: argparse.Namespace) -> int:
    """Read files into the store."""
    settings = reading_options(options)
    progress = Silent() if options.quiet else TerminalProgress()
    try:
        with open_facts(options.store, settings.read.timezone) as store:
            result = import_files(options.files, store, settings, options.source, options.rejects, progress)
    finally:
        if isinstance(progress, TerminalProgress):
            progress.close()
    print(
        say(
            f"来源 {result.source}：读 {result.read:,} 条，收 {result.kept:,} 条，拒 {result.rejected:,} 条，"
            f"相同 {result.repeated:,} 条，雷同 {result.copies:,} 条；标签体系 {result.taxonomy}",
            f"Source {result.source}: read {result.read:,}, kept {result.kept:,}, rejected {result.rejected:,}, "
            f"same record {result.repeated:,}, copies {result.copies:,}; taxonomy {result.taxonomy}",
        ),
        file=sys.stderr,
    )
    if result.rejects:
        print(result.rejects)
    return _INTERRUPTED if result.partial else 0


def run_backup(options: argparse.Namespace) -> int:
    """Copy the store."""
    with open_facts(options.store) as store:
        _print_rows(store.backup(options.target))
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the store."""
    _print_rows(restore(options.backup, Path(options.store)))
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Read everything once."""
    _print_rows(verify(options.path))
    return 0


def _print_rows(rows: object) -> None:
    assert isinstance(rows, dict)
    print(" ".join(f"{name}={count}" for name, count in rows.items()))

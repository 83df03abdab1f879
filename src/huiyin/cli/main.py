"""Command line: `analyze`, `mask`, `demo`; `train`, `adapt`, `evaluate` for models of one's own; on a lasting store `import`, `insight`,
`backup`, `restore`, `verify`; the web product with `serve`; `mcp` for AI agents.

Exit codes: 0 done · 1 unexpected fault · 2 wrong usage or option · 3 an input cannot be used · 4 the output folder or the store cannot be
used or the disk is full · 5 a taxonomy or model cannot be used · 130 stopped by Ctrl-C (a partial result was finished).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import huiyin
from huiyin.analyze import AnalysisResult, AnalyzeOptions, JobError, analyze
from huiyin.analyze.progress import Silent
from huiyin.cli import agents, asking, learning, serving, stores
from huiyin.cli.console import TerminalProgress
from huiyin.cli.language import english, say
from huiyin.cli.reading import add_reading_options, reading_options
from huiyin.facts import FactsError
from huiyin.files import FilesError
from huiyin.text import ModelError, TaxonomyError
from huiyin.text.errors import TextError
from huiyin.text.masking import mask_batch

USAGE, INPUT, OUTPUT, MODEL, INTERRUPTED = 2, 3, 4, 5, 130
_OPTION_FAULTS = ("bad_option", "unknown_column", "unknown_sheet")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="huiyin", description=say("听见客户，排出问题", "Hear customers, rank what hurts"))
    top.add_argument("--version", action="version", version=f"huiyin {huiyin.__version__}")
    commands = top.add_subparsers(
        dest="command", required=True, metavar="analyze|mask|demo|train|adapt|evaluate|import|insight|backup|restore|verify|serve|mcp"
    )
    job = commands.add_parser("analyze", help=say("从反馈文件到问题清单", "from files of feedback to a ranked problem list"))
    job.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=say("CSV TSV XLSX JSONL Parquet，可 .gz .zip；- 为标准输入", "CSV TSV XLSX JSONL Parquet, also .gz .zip; - for standard input"),
    )
    job.add_argument("--out", required=True, type=Path, metavar="DIR")
    add_reading_options(job, taken=())
    job.add_argument("--force", action="store_true", help=say("DIR 里已有文件也写", "write even if DIR is not empty"))
    job.add_argument("--quiet", action="store_true")
    masking = commands.add_parser("mask", help=say("逐行遮盖个人信息", "mask personal data line by line"))
    masking.add_argument("file", metavar="FILE|-")
    demo = commands.add_parser("demo", help=say("用内置样例跑一遍", "run on the built-in sample"))
    demo.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR")
    demo.add_argument("--rows", type=int, default=20000, metavar="N")
    learning.add_commands(commands)
    stores.add_commands(commands)
    asking.add_command(commands)
    serving.add_command(commands)
    agents.add_command(commands)
    return top


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    return {
        "analyze": _analyze,
        "mask": _mask,
        "demo": _demo,
        "train": learning.run_train,
        "adapt": learning.run_adapt,
        "evaluate": learning.run_evaluate,
        "import": stores.run_import,
        "insight": asking.run_insight,
        "serve": serving.run_serve,
        "mcp": agents.run_agents,
        "backup": stores.run_backup,
        "restore": stores.run_restore,
        "verify": stores.run_verify,
    }[name]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return _command(options.command)(options)
    except FilesError as error:
        return _refuse(
            USAGE if error.code in _OPTION_FAULTS else INPUT, f"{error.message_zh}。{error.hint_zh}", f"{error.message_en}. {error.hint_en}"
        )
    except JobError as error:
        return _refuse(INPUT if error.code == "nothing_kept" else OUTPUT, error.message_zh, error.message_en)
    except FactsError as error:
        return _refuse(OUTPUT, error.message_zh, error.message_en)
    except (TaxonomyError, ModelError) as error:
        return _refuse(MODEL, error.message_zh, error.message_en)
    except TextError as error:
        return _refuse(INPUT, error.message_zh, error.message_en)
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return _refuse(INTERRUPTED, "已退出，没有留下结果", "Stopped; no result was left")


def _refuse(code: int, zh: str, en: str) -> int:
    """One line on standard error."""
    line = " ".join(say(zh, en).split()).rstrip("。. ")
    print(f"huiyin: {line}" + ("" if line.endswith(("？", "?", "…", "！")) else say("。", ".")), file=sys.stderr)
    return code


def _analyze(options: argparse.Namespace) -> int:
    return _run(options.files, options.out, reading_options(options), options.quiet)


def _run(files: Sequence[str | Path], out: Path, settings: AnalyzeOptions, quiet: bool) -> int:
    if quiet:
        result = analyze(files, out, settings, Silent())
    else:
        progress = TerminalProgress()
        try:
            result = analyze(files, out, settings, progress)
        finally:
            progress.close()
        _summarise(result)
    print(result.report)
    return INTERRUPTED if result.findings.partial else 0


def _summarise(result: AnalysisResult) -> None:
    """The first lines of the answer, on standard error, so that standard output holds the path alone."""
    found = result.findings
    volume = found.volume
    seconds = result.run["seconds"]
    assert isinstance(seconds, dict)
    lines = [
        say(
            f"读 {volume.read:,} 条，收 {volume.kept:,} 条，拒 {volume.rejected:,} 条，重复 {volume.duplicates:,} 条；"
            f"{volume.mentions:,} 个观点；{seconds['total']:.1f} 秒",
            f"Read {volume.read:,}, kept {volume.kept:,}, rejected {volume.rejected:,}, duplicates {volume.duplicates:,}; "
            f"{volume.mentions:,} opinions; {seconds['total']:.1f} s",
        )
    ]
    for problem in found.problems[:5]:
        name = problem.name.en if english() else problem.name.zh
        lines.append(
            f"  {problem.rank}. {name}  {problem.frequency.value:.1f}‰  " + say(f"{problem.customers:,} 位", f"{problem.customers:,} customers")
        )
    if found.partial:
        lines.append(say("中途停止：结果只含已读部分", "Stopped early: the result covers what was read"))
    print("\n".join(lines), file=sys.stderr)


def _mask(options: argparse.Namespace) -> int:
    """Lines in, masked lines out, in batches."""
    try:
        with nullcontext(sys.stdin) if options.file == "-" else Path(options.file).open(encoding="utf-8-sig", errors="replace") as stream:
            while lines := stream.readlines(1 << 20):
                sys.stdout.write("".join(one.text + "\n" for one in mask_batch([line.rstrip("\n") for line in lines])))
    except OSError as error:
        return _refuse(INPUT, f"打不开 {options.file}：{error.strerror}", f"Cannot open {options.file}: {error.strerror}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    """Write the built-in sample and run the main job on it."""
    from huiyin.simulate import write_csv

    if options.rows < 1:
        return _refuse(USAGE, "--rows 至少为 1", "--rows must be at least 1")
    sample = options.out / "sample.csv"
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        write_csv(sample, rows=options.rows)
    except OSError as error:
        return _refuse(OUTPUT, f"不能写入 {options.out}：{error.strerror}", f"Cannot write to {options.out}: {error.strerror}")
    return _run([sample], options.out / "report", AnalyzeOptions(force=True), quiet=False)

"""A running job on the terminal: what was guessed, how far it is, how to stop it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from huiyin.cli.language import say
from huiyin.files import SourceInfo
from huiyin.text import load_taxonomy

_ROLES = {
    "text": ("内容", "text"),
    "title": ("标题", "title"),
    "time": ("时间", "time"),
    "rating": ("评分", "rating"),
    "id": ("编号", "id"),
    "customer": ("客户", "customer"),
    "product": ("产品", "product"),
    "brand": ("品牌", "brand"),
    "region": ("地区", "region"),
    "store": ("门店", "store"),
    "channel": ("渠道", "channel"),
    "segment": ("人群", "segment"),
    "url": ("链接", "url"),
}
_STEPS = {
    "settle": ("核对重复", "Settling duplicates"),
    "insight": ("排问题、判变化", "Ranking problems, judging changes"),
    "report": ("写报告", "Writing the report"),
    "store": ("存进库", "Writing into the store"),
}


class TerminalProgress:
    """Shows progress on standard error. The first Ctrl-C asks for a finished partial result, the second ends at once."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        if not self.console.is_terminal:
            # A log has no width of its own; nothing should be cut or broken there.
            self.console = Console(stderr=True, highlight=False, width=160)
        self.stopped = False
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._before = signal.signal(signal.SIGINT, self._interrupt)

    def close(self) -> None:
        """Give the terminal and Ctrl-C back."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        signal.signal(signal.SIGINT, self._before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            # Not KeyboardInterrupt: the job takes that as the wish for a partial result.
            raise SystemExit(130)
        self.stopped = True
        # Straight to the descriptor: the signal may come in the middle of a write to the same stream, which is not re-entrant.
        said = say("停止读入，把已读的部分做完（再按一次 Ctrl-C 立即退出）", "Stopping; finishing what has been read (Ctrl-C again to quit at once)")
        with suppress(OSError):
            os.write(2, f"\n{said}\n".encode())

    def sources(self, sources: list[SourceInfo], total_bytes: int, estimated_rows: int | None) -> None:
        """Show how each file will be read, before work starts."""
        for source in sources:
            how = " · ".join(part for part in (source.format, source.encoding, source.sheet) if part)
            table = Table(box=None, padding=(0, 2, 0, 0), title=Text(f"{source.name}  {how}"), title_justify="left", title_style="bold")
            for name in (say("用作", "used as"), say("列", "column"), say("凭什么", "why"), say("例", "sample")):
                table.add_column(name, style="dim" if name in ("why", "凭什么") else "", overflow="ellipsis", no_wrap=True, max_width=44)
            for role, column in source.mapping.items():
                sample = next((value for value in source.samples.get(column.name, []) if value), "")
                why = say(column.why, column.why_en or column.why)
                table.add_row(say(*_ROLES.get(role, (role, role))), Text(column.name), Text(why), Text(" ".join(sample.split())[:40]))
            self.console.print(table)
        self.console.print(
            Text(
                say("猜错了就用 --text --time --rating … 指定列名或序号", "If a guess is wrong, name the column with --text --time --rating …"),
                style="dim",
            )
        )
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            TextColumn("{task.fields[rows]}"),
            TimeRemainingColumn(compact=True),
            console=self.console,
            transient=True,
        )
        self._task = self._bar.add_task(say("读", "Reading"), total=total_bytes or None, rows="")
        self._bar.start()

    def taxonomy(self, pack: str, chosen: bool, scores: dict[str, float]) -> None:
        """Say which pack was chosen, how well it suits, and what came second; or that none suits and the general one is taken."""
        first, second = sorted(scores, key=lambda name: -scores[name])[:2]
        name = load_taxonomy(pack).name
        if pack != first or not scores[first]:
            self.console.print(
                say(
                    f"标签体系：哪一套都不太合适（最近的是 {first}，{scores[first]:.1f}），用{name['zh']}（{pack}）；可用 --taxonomy 指定",
                    f"Taxonomy: none suits well (nearest {first}, {scores[first]:.1f}); taking {name['en']} ({pack}); set it with --taxonomy",
                )
            )
            return
        self.console.print(
            say(
                f"标签体系：{name['zh']}（{pack}，自动选出，合适度 {scores[first]:.1f}，次选 {second} {scores[second]:.1f}；可用 --taxonomy 指定）",
                f"Taxonomy: {name['en']} ({pack}, chosen automatically, fit {scores[first]:.1f}, next {second} {scores[second]:.1f};"
                " set it with --taxonomy)",
            )
        )

    def read(self, rows: int, bytes_read: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            task = self._bar.tasks[0]
            rate = rows / task.elapsed if task.elapsed else 0.0
            shown = say(f"{rows:,} 条 · 每秒 {rate:,.0f} 条", f"{rows:,} rows · {rate:,.0f}/s")
            self._bar.update(self._task, completed=bytes_read, rows=shown)

    def step(self, name: str) -> None:
        """Name the step that runs after reading."""
        if self._bar is not None:
            self._bar.update(self._task, description=say(*_STEPS[name]))

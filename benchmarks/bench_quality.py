"""Every quality figure in one run: `make bench-quality` writes docs/reference/quality.md.

    python -m benchmarks.bench_quality --data FOLDER [--only NAME …] [--out FILE]

Each part says how its texts were split; nothing here is tuned by what it prints.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

PARTS = {
    "unseen": "没训练过的领域，和适应之后",
    "learned": "用标注训练出的模型",
    "taught": "标注少的时候，不用和用教师模型",
    "opinions": "观点：对象、评价词、配对、四元组",
    "aspects": "不用标注的主题",
    "polarity": "一句的极性",
    "peers": "情感，和别家一起；校准",
    "matching": "两句是不是一回事；语言与字形",
    "traps": "陷阱句",
    "masking": "遮盖",
    "topics": "话题",
}
HEAD = """# 质量

`make bench-quality` 重算本页（`benchmarks/bench_quality.py`）。每行写明怎么划分、和什么比。**留出**的文本训练时没见过。
"""


def main() -> int:
    """Measure, print, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    page = [HEAD]
    for name in options.only:
        begun = time.perf_counter()
        part = importlib.import_module(f"benchmarks.quality.{name}")
        found = part.measure(options.data)
        lines = [f"## {PARTS[name]}（`benchmarks/quality/{name}.py`）", "", "| 什么 | 数 | 怎么分、和什么比 |", "| --- | --- | --- |"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in part.rows(found)]
        page.append("\n".join(lines) + "\n")
        print(f"{name}: {time.perf_counter() - begun:.0f} s", json.dumps(found, ensure_ascii=False, default=str), flush=True)
    if options.out:
        options.out.write_text("\n".join(page), encoding="utf-8")
    else:
        sys.stdout.write("\n".join(page))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The ranked problems as an Excel workbook: 问题 (problems), 原声 (evidence), 说明 (method)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from huiyin.insight.findings import Findings, Problem, Quote
from huiyin.report.rows import COLUMNS, Cell, problem_row

# Excel keeps at most this many characters in a cell.
_LONGEST = 32_767

_TITLES = {
    "rank": "排名",
    "problem_id": "编号",
    "aspect": "标签",
    "name_zh": "问题",
    "name_en": "英文名",
    "parent_zh": "上级",
    "owner": "负责",
    "customers": "客户",
    "feedback": "反馈",
    "mentions": "观点",
    "frequency_per_1000": "频率 ‰",
    "frequency_low": "频率下限",
    "frequency_high": "频率上限",
    "intensity": "强度",
    "intensity_low": "强度下限",
    "intensity_high": "强度上限",
    "harm": "伤害（低多少分）",
    "harm_low": "伤害下限",
    "harm_high": "伤害上限",
    "score": "综合分",
    "score_low": "综合分下限",
    "score_high": "综合分上限",
    "rank_certainty": "排名把握",
    "tied_with": "难分的名次",
    "trend": "走势",
    "trend_since": "变化起始周",
    "trend_ratio": "此后 ÷ 此前",
    "quote": "一条原声",
}
_WIDTHS = {
    "name_zh": 26,
    "name_en": 30,
    "parent_zh": 16,
    "owner": 14,
    "aspect": 24,
    "problem_id": 14,
    "harm": 16,
    "quote": 60,
    "trend": 12,
}
_TREND = {"up": "确有上升", "down": "确有下降", "flat": "无明显变化", "unknown": "证据还不够"}
_HARM = ("harm", "harm_low", "harm_high")
_QUOTE_TITLES = ("排名", "问题", "原话", "负面观点", "强度", "产品", "地区", "渠道", "评分", "满分", "日期", "另有相近", "记录")
_QUOTE_WIDTHS = (7, 24, 70, 34, 8, 14, 12, 14, 8, 8, 12, 10, 18)


def write_problems_xlsx(findings: Findings, path: Path) -> None:
    """Write the workbook. Text is stored as text, so nothing a customer wrote is run as a formula or a link."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        styles = _Styles(book)
        _problems_sheet(book.add_worksheet("问题"), styles, findings)
        _voices_sheet(book.add_worksheet("原声"), styles, findings.problems)
        _method_sheet(book.add_worksheet("说明"), styles, findings)


class _Styles:
    def __init__(self, book: Workbook) -> None:
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        self.text: Format = book.add_format(base)
        self.wrap: Format = book.add_format({**base, "text_wrap": True})
        self.voice: Format = book.add_format({**base, "font_name": "SimSun", "font_size": 11, "text_wrap": True})
        self.percent: Format = book.add_format({**base, "num_format": "0%"})
        self.decimal: Format = book.add_format({**base, "num_format": "#,##0.00"})
        self.strong: Format = book.add_format({**base, "bold": True})
        self.head: Format = book.add_format(
            {
                **base,
                "bold": True,
                "bg_color": "#F1F1EE",
                "font_color": "#474C56",
                "bottom": 1,
                "bottom_color": "#A6ABB3",
                "text_wrap": True,
                "valign": "vcenter",
            }
        )


def _put(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, str):
        sheet.write_string(row, column, _storable(cell), style)
    else:
        sheet.write_number(row, column, cell, style)


def _storable(text: str) -> str:
    """Without lone surrogates, which no file can hold, and within a cell's length."""
    return text.encode("utf-8", errors="replace").decode("utf-8")[:_LONGEST]


def _header(sheet: Worksheet, styles: _Styles, titles: Sequence[str], widths: Iterable[float]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, styles.head)
    sheet.set_row(0, 30)


def _problems_sheet(sheet: Worksheet, styles: _Styles, findings: Findings) -> None:
    has_harm = any(problem.harm is not None for problem in findings.problems)
    shown = [name for name in COLUMNS if has_harm or name not in _HARM]
    _header(sheet, styles, [_TITLES[name] for name in shown], [_WIDTHS.get(name, 11) for name in shown])
    # The first columns name the problem and stay in sight.
    sheet.freeze_panes(1, shown.index("name_zh") + 1)
    for row, problem in enumerate(findings.problems, start=1):
        cells = dict(zip(COLUMNS, problem_row(problem), strict=True))
        cells["trend"] = _TREND[problem.trend.verdict]
        for column, name in enumerate(shown):
            _put(sheet, row, column, cells[name], _style(styles, name, cells[name]))
    if findings.problems:
        sheet.autofilter(0, 0, len(findings.problems), len(shown) - 1)
    else:
        sheet.write_string(1, 0, "没有成规模的问题", styles.text)


def _style(styles: _Styles, name: str, cell: Cell) -> Format:
    if name == "quote":
        return styles.voice
    if name == "name_zh":
        return styles.strong
    if name == "rank_certainty":
        return styles.percent
    return styles.decimal if isinstance(cell, float) else styles.text


def _voices_sheet(sheet: Worksheet, styles: _Styles, problems: Sequence[Problem]) -> None:
    _header(sheet, styles, _QUOTE_TITLES, _QUOTE_WIDTHS)
    sheet.freeze_panes(1, 2)
    row = 0
    for problem in problems:
        for quote in problem.evidence:
            row += 1
            for column, cell in enumerate(_quote_row(problem, quote)):
                _put(sheet, row, column, cell, styles.voice if column in (2, 3) else styles.text)
    if row:
        sheet.autofilter(0, 0, row, len(_QUOTE_TITLES) - 1)


def _quote_row(problem: Problem, quote: Quote) -> list[Cell]:
    marked = " … ".join(quote.text[mark.start : mark.end] for mark in quote.marks if mark.primary)
    return [
        problem.rank,
        problem.name.zh,
        quote.text,
        marked or None,
        round(quote.intensity, 2),
        quote.product,
        quote.region,
        quote.channel,
        quote.rating,
        quote.scale_max,
        quote.occurred_on,
        quote.folded or None,
        quote.feedback_id,
    ]


def _method_sheet(sheet: Worksheet, styles: _Styles, findings: Findings) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (name, text) in enumerate(_method(findings)):
        sheet.write_string(row, 0, name, styles.strong)
        sheet.write_string(row, 1, _storable(text), styles.wrap)


def _method(findings: Findings) -> list[tuple[str, str]]:
    volume = findings.volume
    has_harm = any(problem.harm is not None for problem in findings.problems)
    who = "位客户" if volume.customers_known else "条反馈"
    days = f"{volume.first_day} 至 {volume.last_day}" if volume.first_day and volume.last_day else "文件没有日期"
    rows = [
        ("分析对象", findings.title),
        ("公式", "综合分 = 频率 × 强度 × 伤害" if has_harm else "综合分 = 频率 × 强度（没有评分，伤害未计）"),
        (
            "频率",
            f"每一千{who}里，有多少{who}抱怨过它。" + ("一位客户说多少次都算一位。" if volume.customers_known else "文件没有客户列，按反馈计。"),
        ),
        ("强度", "抱怨的客户说得有多重，0 到 1，取平均。"),
        ("伤害", "抱怨的客户比条件相近、没有抱怨的客户，评分低多少分（正数是损失）。" if has_harm else "没有评分，未计。"),
        ("下限、上限", "95% 区间：换一批同样多的客户再算一次，结果多半落在这个范围里。"),
        ("排名把握", f"重抽样 {findings.replicates:,} 次，名次与所示相同的比例。"),
        ("难分的名次", "与这些名次的问题分不出高下。"),
        ("走势", "确有上升、确有下降：通过置换检验，并校正了多次比较。"),
        ("门槛", f"至少 {findings.minimum_customers} {who}抱怨才排名次。"),
        ("读入", f"{volume.read:,} 条；计入 {volume.kept:,} 条，重复 {volume.duplicates:,} 条，没读懂 {volume.rejected:,} 条"),
        ("日期", days),
        ("标签体系", f"{findings.taxonomy_name.zh}（{findings.taxonomy}）"),
        ("数据时间", findings.generated_at),
        ("校验", f"{findings.checksum}；同样的数据得出同样的结果"),
    ]
    if findings.partial:
        rows.append(("未读完", "分析提前停止，只读了一部分。"))
    return rows

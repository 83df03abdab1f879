"""Slides in the product's look: headlines, tables and charts that PowerPoint, WPS and Keynote can edit. Knows nothing of voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

INK, QUIET, FAINT, LINE, HARM, ACCENT = "1A1C20", "474C56", "6A707B", "EBEAE6", "B8451A", "3650B5"
SHARES = (HARM, "E2A284", "F3D3C3", "DBDAD5", "F1F1EE", "F5F5F2")
_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.6
_INNER = _WIDTH - 2 * _EDGE
_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_UNSAID = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
"""Signs that no XML may hold."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart; None where there is no value."""

    name: str
    values: Sequence[float | None]
    colour: str
    weight: float


class Deck:
    """Slides, one after the other; what is put on them goes to the last one, from the top down."""

    def __init__(self, title: str, foot: str) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
        self._deck.core_properties.title = title
        self._foot, self._slide, self._top = foot, None, 0.0

    def slide(self, title: str, said: str = "") -> None:
        """Begin a slide with its headline and the sentence under it."""
        self._slide = self._deck.slides.add_slide(self._deck.slide_layouts[6])
        self._top = 0.5
        self.text(title, 28, bold=True)
        if said:
            self.text(said, 14, FAINT)
        self._top += 0.15
        box = self._box(_EDGE, _HEIGHT - 0.45, _INNER, 0.3)
        _write(box.text_frame.paragraphs[0], self._foot, 9, FAINT)

    def text(self, said: str, size: float, colour: str = INK, bold: bool = False) -> None:
        """A paragraph over the whole width."""
        lines = max(1, -(-_breadth(said) * size // int(_INNER * 72 * 2)))
        height = lines * size * 1.45 / 72
        box = self._box(_EDGE, self._top, _INNER, height)
        _write(box.text_frame.paragraphs[0], said, size, colour, bold)
        self._top += height + 0.08

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table; `widths` are shares of the slide's."""
        height = 0.42
        frame = self._shapes.add_table(len(rows) + 1, len(head), Inches(_EDGE), Inches(self._top), Inches(_INNER), Inches(height * (len(rows) + 1)))
        table = frame.table
        # The plain style: no bands, no filled head.
        frame._element.graphic.graphicData.tbl[0][-1].text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
        whole = sum(widths)
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Inches(_INNER * share / whole)
        for at, row in enumerate((head, *rows)):
            for place, said in enumerate(row):
                cell = table.cell(at, place)
                cell.vertical_anchor, cell.margin_left = MSO_ANCHOR.MIDDLE, Inches(0.04)
                _write(cell.text_frame.paragraphs[0], said, 11 if at == 0 else 13, FAINT if at == 0 else INK, bold=at > 0 and place == 0)
        rooms = [int(_INNER * share / whole * 144) for share in widths]
        lines = sum(max(1, *(-(-_breadth(said) * 13 // room) for said, room in zip(row, rooms, strict=True))) for row in rows)
        self._top += height + lines * height + 0.2

    def shares(self, parts: Sequence[tuple[str, float]]) -> None:
        """One bar of a whole, in percent, each part named."""
        data = CategoryChartData(number_format='0"%"')
        data.categories = [""]
        for name, share in parts:
            data.add_series(_clean(name), [share])
        chart = self._chart(XL_CHART_TYPE.BAR_STACKED_100, data, 1.6)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 30, 100
        chart.value_axis.visible = chart.category_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        for at, series in enumerate(plot.series):
            _fill(series.format, SHARES[min(at, len(SHARES) - 1)])
        _legend(chart)

    def lines(self, labels: Sequence[str], lines: Sequence[Line], height: float = 4.6) -> None:
        """A line chart."""
        data = CategoryChartData(number_format="0.0")
        data.categories = [_clean(one) for one in labels]
        for one in lines:
            data.add_series(_clean(one.name), one.values)
        chart = self._chart(XL_CHART_TYPE.LINE, data, height)
        for line, series in zip(lines, chart.plots[0].series, strict=True):
            series.smooth = False
            series.format.line.color.rgb, series.format.line.width = RGBColor.from_string(line.colour), Pt(line.weight)
        chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(LINE)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        for axis in (chart.value_axis, chart.category_axis):
            axis.tick_labels.font.size, axis.format.line.color.rgb = Pt(11), RGBColor.from_string(LINE)
        _legend(chart)

    def file(self) -> bytes:
        """The bytes of the file."""
        said = BytesIO()
        self._deck.save(said)
        return said.getvalue()

    @property
    def _shapes(self) -> Any:
        assert self._slide is not None, "begin a slide first"
        return self._slide.shapes

    def _box(self, left: float, top: float, width: float, height: float) -> Any:
        box = self._shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return box

    def _chart(self, kind: Any, data: CategoryChartData, height: float) -> Any:
        frame = self._shapes.add_chart(kind, Inches(_EDGE), Inches(self._top), Inches(_INNER), Inches(height), data)
        self._top += height + 0.15
        chart = frame.chart
        chart.font.size, chart.font.name = Pt(11), _CHINESE
        chart.has_title = False
        return chart


def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _fill(shape: Any, colour: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)


def _write(paragraph: Any, said: str, size: float, colour: str, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = _clean(said)
    font = run.font
    font.size, font.bold, font.name, font.color.rgb = Pt(size), bold, _LATIN, RGBColor.from_string(colour)
    letters = run._r.get_or_add_rPr().makeelement(qn("a:ea"), {"typeface": _CHINESE})
    run._r.get_or_add_rPr().append(letters)


def _clean(said: str) -> str:
    return str(said).translate(_UNSAID).encode("utf-16", "ignore").decode("utf-16")


def _breadth(said: str) -> int:
    """Half-widths of a text: a Chinese sign is two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in said)

// Is it changing: the weekly rate of one problem with its interval, the break, and the level before and after.

import type { Trend } from "../contract";
import { trendSentence, value } from "../estimates";
import { day, exact, fixed, range, shortDay } from "../format";
import { t } from "../language";
import { toneOf } from "../marks";
import { band, canvas, categoryAxis, colour, valueAxis } from "./canvas";
import { chartFigure, type Table } from "./figure";

const BANDS: Record<string, string> = { harm: "harm-soft", good: "good-soft", flat: "band", waiting: "band" };

function lineColour(trend: Trend): string {
  const tone = toneOf(trend.verdict);
  return tone === "harm" || tone === "good" ? colour(tone) : colour("ink-2");
}

function markLines(trend: Trend, at: number): object | undefined {
  const weeks = trend.weeks.length;
  // The levels carry no label: it would stand on the line; the sentence above the chart says both.
  const level = (rate: number | null, from: number, to: number): object[] =>
    rate === null || from >= to
      ? []
      : [[
          { coord: [from, rate], lineStyle: { color: colour("ink-4"), type: "dashed" }, label: { show: false } },
          { coord: [to, rate] },
        ] as unknown as object];
  if (at <= 0) return undefined;
  return {
    symbol: "none",
    silent: true,
    label: { fontSize: 12 },
    data: [
      { xAxis: at, lineStyle: { color: colour("ink-2"), type: "dashed" }, label: { formatter: () => t().problem.from(day(trend.since as string)), position: "end", color: colour("ink-1") } },
      ...level(trend.before.value, 0, at - 1),
      ...level(trend.after.value, at, weeks - 1),
    ],
  };
}

function table(trend: Trend): Table {
  return {
    head: [t().volume.week, t().common.perFeedback, t().common.interval("").trim(), t().steps.count, t().volume.total],
    rows: trend.weeks.map((week) => [
      day(week.start, true),
      week.per_thousand === null ? t().common.tooFew(exact(week.total)) : fixed(week.per_thousand, 1),
      range(week.low, week.high, 1),
      exact(week.count),
      exact(week.total),
    ]),
  };
}

export function trendChart(trend: Trend, file: string, fixedWidth?: number): HTMLElement {
  const weeks = trend.weeks;
  const rates = weeks.map((week) => week.per_thousand);
  const at = trend.since ? weeks.findIndex((week) => week.start >= (trend.since as string)) : -1;
  const end = rates.findLastIndex((rate) => rate !== null);
  const tone = toneOf(trend.verdict);
  const drawing = canvas(236, (width) => ({
    grid: { left: 40, right: 52, top: 30, bottom: 26 },
    xAxis: categoryAxis(weeks.map((week) => shortDay(week.start)), width),
    yAxis: valueAxis({ min: 0 }),
    series: [
      ...band(weeks.map((w) => w.low), weeks.map((w) => w.high), BANDS[tone] ?? "band"),
      {
        type: "line",
        data: rates.map((rate, i) => ({
          value: rate ?? "-",
          symbolSize: i === end ? 7 : weeks.length > 40 ? 0 : 4,
          label: i === end && rate !== null
            ? { show: true, position: "right", formatter: () => fixed(rate, 1), color: lineColour(trend), fontWeight: 600, fontSize: 13 }
            : { show: false },
        })),
        symbol: "circle",
        silent: true,
        z: 3,
        lineStyle: { width: 2, color: lineColour(trend) },
        itemStyle: { color: lineColour(trend) },
        markLine: markLines(trend, at),
      },
    ],
  }), fixedWidth);
  const words = trendSentence(trend, trend.since ? day(trend.since) : null);
  const last = end >= 0 ? value({ value: rates[end] ?? null, low: null, high: null, n: 0 }, 1) : "";
  return chartFigure({
    title: t().problem.trend,
    note: t().problem.trendNote,
    conclusion: words,
    drawing,
    sentence: [words, last && `${shortDay(weeks[end]?.start ?? "")}: ${last}`].filter(Boolean).join(" "),
    table: table(trend),
    file,
  });
}

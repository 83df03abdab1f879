// How much was said each week and in what mood, and how the score moved.

import type { Findings, ScoreSummary } from "../contract";
import { count, day, exact, fixed, percent, shortDay } from "../format";
import { t } from "../language";
import { band, canvas, categoryAxis, colour, valueAxis } from "./canvas";
import { chartFigure } from "./figure";

const MOODS = [
  { key: "negative", sign: "−", fill: "harm-mid", ink: "harm" },
  { key: "neutral", sign: "○", fill: "line-2", ink: "neutral" },
  { key: "positive", sign: "＋", fill: "good-pale", ink: "good" },
] as const;

export function volumeChart(findings: Findings, fixedWidth?: number, height = 190): HTMLElement | null {
  const moods = findings.sentiment.weeks;
  const plainWeeks = findings.volume.weeks;
  if (!moods.length && !plainWeeks.length) return null;
  const weeks = moods.length ? moods.map(([start]) => start) : plainWeeks.map(([start]) => start);
  const totals = moods.length ? moods.map(([, a, b, c]) => a + b + c) : plainWeeks.map(([, size]) => size);
  const top = Math.max(1, ...totals);
  const drawing = canvas(height, (width) => ({
    grid: { left: 40, right: moods.length ? 62 : 16, top: 14, bottom: 26 },
    xAxis: { ...categoryAxis(weeks.map(shortDay), width - 100), boundaryGap: true },
    yAxis: valueAxis({ min: 0, axisLabel: { color: colour("ink-3"), fontSize: 12, formatter: (x: number) => count(x) } }),
    series: moods.length
      ? MOODS.map((mood, k) => ({
          type: "bar",
          stack: "all",
          silent: true,
          barCategoryGap: "28%",
          itemStyle: { color: colour(mood.fill) },
          data: moods.map((week, i) => ({
            value: week[k + 1],
            label: {
              show: i === moods.length - 1 && (week[k + 1] as number) / top > 0.09,
              position: "right",
              distance: 8,
              formatter: () => `${mood.sign} ${t().polarity[mood.key]}`,
              color: colour(mood.ink),
              fontSize: 12,
            },
          })),
        }))
      : [{ type: "bar", silent: true, barCategoryGap: "28%", itemStyle: { color: colour("ink-4") }, data: totals }],
  }), fixedWidth);
  const last = moods.at(-1);
  const lastShare = last ? percent(last[1] / Math.max(1, last[1] + last[2] + last[3])) : "—";
  return chartFigure({
    title: t().volume.title,
    note: moods.length ? t().volume.note : t().volume.noteOnly,
    drawing,
    sentence: t().volume.aria(weeks.length, exact(Math.min(...totals)), exact(top), lastShare),
    table: moods.length
      ? {
          head: [t().volume.week, ...MOODS.map((m) => t().polarity[m.key]), t().volume.total, t().volume.negativeShare],
          rows: moods.map(([start, a, b, c]) => [day(start, true), exact(a), exact(b), exact(c), exact(a + b + c), a + b + c ? percent(a / (a + b + c)) : "—"]),
        }
      : { head: [t().volume.week, t().volume.total], rows: plainWeeks.map(([start, size]) => [day(start, true), exact(size)]) },
    file: "volume",
  });
}

export function scoreChart(score: ScoreSummary, fixedWidth?: number, height = 190): HTMLElement | null {
  const weeks = score.weeks;
  const values = weeks.map(([, v]) => v);
  const end = values.findLastIndex((v) => v !== null);
  if (weeks.length < 2 || end < 0) return null;
  const digits = score.metric === "nps" ? 1 : 2;
  const bounds = weeks.flatMap(([, v, low, high]) => [v, low, high]).filter((x): x is number => x !== null);
  const [least, most] = [Math.min(...bounds), Math.max(...bounds)];
  const unit = score.metric === "nps" ? 10 : 0.5;
  const drawing = canvas(height, (width) => ({
    grid: { left: 36, right: 44, top: 14, bottom: 26 },
    xAxis: categoryAxis(weeks.map(([start]) => shortDay(start)), width),
    yAxis: valueAxis({
      min: Math.floor(least / unit) * unit,
      max: Math.ceil(most / unit) * unit,
      axisLabel: { color: colour("ink-3"), fontSize: 12, formatter: (x: number) => fixed(x, Number.isInteger(x) ? 0 : 1) },
    }),
    series: [
      ...band(weeks.map(([, , low]) => low).map((x) => (x === null ? null : x)), weeks.map(([, , , high]) => high), "band"),
      {
        type: "line",
        silent: true,
        symbol: "circle",
        z: 3,
        lineStyle: { width: 2, color: colour("ink-2") },
        itemStyle: { color: colour("ink-2") },
        data: values.map((v, i) => ({
          value: v ?? "-",
          symbolSize: i === end ? 7 : 3,
          label: { show: i === end, position: "right", formatter: () => fixed(v ?? 0, digits), color: colour("ink-1"), fontWeight: 600, fontSize: 13 },
        })),
      },
    ],
  }), fixedWidth);
  const name = score.metric === "nps" ? t().score.nps : t().score.rating;
  const firstValue = values.find((v) => v !== null) ?? 0;
  return chartFigure({
    title: name,
    note: t().score.note,
    drawing,
    sentence: t().score.aria(name, weeks.length, fixed(firstValue as number, digits), fixed(values[end] as number, digits)),
    table: {
      head: [t().volume.week, t().score.value, t().score.low, t().score.high, "n"],
      rows: weeks.map(([start, v, low, high, size]) => [
        day(start, true),
        v === null ? t().common.tooFew(exact(size)) : fixed(v, digits),
        low === null ? "—" : fixed(low, digits),
        high === null ? "—" : fixed(high, digits),
        exact(size),
      ]),
    },
    file: "score",
  });
}

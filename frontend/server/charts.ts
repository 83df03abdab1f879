// Lines with bands, drawn by ECharts as SVG. A point opens exactly the voices it was made of; the arrow keys walk the points.

import type { EChartsCoreOption } from "echarts/core";

import { band, canvas, categoryAxis, colour, valueAxis } from "../report/charts/canvas";
import { boards } from "./boards";

interface Point {
  label: string;
  value: number | null;
  low: number | null;
  high: number | null;
  text: string;
  url: string;
  count: number;
  counted: string;
}
interface Line {
  name: string;
  points: Point[];
}
interface Chart {
  lines: Line[];
  digits: number;
}

const COLOURS = ["ink-2", "ink-4", "moved", "good", "waiting"];

const short = (label: string): string => {
  const found = /^\d{4}-(\d\d)-(\d\d)$/.exec(label);
  return found ? `${Number(found[1])}/${Number(found[2])}` : label;
};

function option(chart: Chart, labels: string[], width: number): EChartsCoreOption {
  const shown = (x: number): string => x.toFixed(chart.digits).replace("-", "−");
  const first = chart.lines[0];
  const several = chart.lines.length > 1;
  const values = chart.lines.flatMap((line) => line.points.flatMap((one) => [one.value, one.low, one.high])).filter((x): x is number => x !== null);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = 10 ** Math.floor(Math.log10(Math.max(most - least, 1e-6)));
  return {
    grid: { left: 48, right: several ? 92 : 60, top: 14, bottom: 26 },
    xAxis: categoryAxis(labels.map(short), width),
    yAxis: valueAxis({
      min: Math.floor(least / step) * step,
      max: Math.ceil(most / step) * step,
      axisLabel: { color: colour("ink-3"), fontSize: 12, formatter: (x: number) => `${Number(x.toPrecision(6))}`.replace("-", "−") },
    }),
    series: [
      ...(first ? band(first.points.map((one) => one.low), first.points.map((one) => one.high), "band") : []),
      ...chart.lines.map((line, at) => {
        const end = line.points.findLastIndex((one) => one.value !== null);
        return {
          type: "line",
          name: line.name,
          symbol: "circle",
          cursor: "pointer",
          z: at === 0 ? 4 : 3,
          lineStyle: { width: at === 0 ? 2 : 1.5, color: colour(COLOURS[at % COLOURS.length] as string) },
          itemStyle: { color: colour(COLOURS[at % COLOURS.length] as string) },
          data: line.points.map((one, i) => ({
            value: one.value ?? "-",
            symbolSize: i === end ? 8 : 6,
            label: {
              show: i === end,
              position: "right",
              formatter: () => (several ? `${line.name}` : shown(one.value ?? 0)),
              color: colour("ink-1"),
              fontWeight: 600,
              fontSize: several ? 11 : 13,
            },
          })),
        };
      }),
    ],
  };
}

function draw(box: HTMLElement): void {
  const source = box.querySelector<HTMLScriptElement>('script[type="application/json"]');
  const place = box.querySelector<HTMLElement>(".chart-place");
  if (!source || !place || place.childElementCount) return;
  const chart = JSON.parse(source.textContent ?? "{}") as Chart;
  const longest = chart.lines.reduce((best, line) => (line.points.length > best.points.length ? line : best), chart.lines[0] ?? { name: "", points: [] });
  place.append(canvas(210, (width) => option(chart, longest.points.map((one) => one.label), width)));

  // Points as links above the drawing: reached by keyboard, spoken with their sentence, opened like every other mark.
  const list = document.createElement("div");
  list.className = "chart-points";
  for (const line of chart.lines) {
    for (const one of line.points) {
      const link = document.createElement("a");
      link.href = one.url;
      link.dataset["voices"] = "";
      link.dataset["count"] = `${one.count}`;
      link.dataset["counted"] = one.counted;
      link.title = `${one.label} · ${one.text}`;
      link.textContent = `${line.name} ${one.label}：${one.text}`;
      list.append(link);
    }
  }
  place.append(list);
  place.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a")) return;
    const svg = place.querySelector("svg");
    if (!svg || !longest.points.length) return;
    const { left, width } = svg.getBoundingClientRect();
    const inner = width - 48 - (chart.lines.length > 1 ? 92 : 60);
    const at = Math.round(((event.clientX - left - 48) / inner) * (longest.points.length - 1));
    const row = list.querySelectorAll<HTMLAnchorElement>("a")[Math.max(0, Math.min(longest.points.length - 1, at))];
    row?.click();
  });
}

const all = (root: ParentNode): void => root.querySelectorAll<HTMLElement>("[data-chart]").forEach(draw);
all(document);
document.body.addEventListener("htmx:afterSwap", () => all(document));
boards();

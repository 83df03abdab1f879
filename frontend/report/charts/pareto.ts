// Where does it concentrate: sorted bars from zero with whiskers, the count beside each, the running total dashed.

import type { Concentration, Share } from "../contract";
import { count, exact, percent, percentRange, short } from "../format";
import { label, t } from "../language";
import { plain, type Child } from "../dom";
import { canvas, colour, FONT, valueAxis } from "./canvas";
import { chartFigure, type Table } from "./figure";

interface Row {
  name: string;
  count: number;
  share: number;
  low: number | null;
  high: number | null;
  kind: "top" | "other" | "unassigned";
}

const MOST = 10;

/** Complaints that name no step count into n only where the breakdown's total includes them. */
function rowsOf(found: Concentration): Row[] {
  const rows: Row[] = found.rows.slice(0, MOST).map((row, i) => ({
    name: label(row.name),
    count: row.count,
    share: row.share.value ?? 0,
    low: row.share.low,
    high: row.share.high,
    kind: i === 0 ? "top" : "other",
  }));
  const placed = found.rows.reduce((sum, row) => sum + row.count, 0);
  const inTotal = placed + found.unassigned <= found.total;
  if (found.unassigned > 0 && inTotal && found.total > 0) {
    const name = found.dimension === "step" ? t().problem.unassignedRow : t().problem.unassignedOther;
    rows.push({ name, count: found.unassigned, share: found.unassigned / found.total, low: null, high: null, kind: "unassigned" });
  }
  return rows;
}

function table(found: Concentration): Table {
  let sum = 0;
  const line = (name: Share["name"], row: Share): (string | Share["name"])[] => {
    sum += row.share.value ?? 0;
    return [name, exact(row.count), percent(row.share.value ?? 0), percentRange(row.share), percent(row.expected), percent(sum)];
  };
  const rows = found.rows.map((row) => line(row.name, row));
  if (found.unassigned > 0) {
    const name = found.dimension === "step" ? t().problem.unassignedRow : t().problem.unassignedOther;
    rows.push([name, exact(found.unassigned), "—", "—", "—", "—"]);
  }
  const head = found.dimension === "step" ? t().steps.step : t().problem.dimension[found.dimension];
  return { head: [head, t().steps.count, t().steps.share, t().common.interval("").trim(), t().steps.expected, t().steps.sum], rows };
}

function whiskers(rows: Row[]): object {
  return {
    type: "custom",
    silent: true,
    z: 4,
    data: rows.map((row, i) => [row.low ?? -1, row.high ?? -1, i]),
    renderItem: (_: unknown, api: { value: (i: number) => number; coord: (p: number[]) => number[] }) => {
      const [low, high, i] = [api.value(0), api.value(1), api.value(2)];
      if (low < 0) return null;
      const [x1, y] = api.coord([low, i]) as [number, number];
      const [x2] = api.coord([high, i]) as [number, number];
      return {
        type: "path",
        shape: { pathData: `M${x1} ${y}H${x2}M${x2} ${y - 4}V${y + 4}` },
        style: { stroke: colour("ink-2"), fill: "none", lineWidth: 1.3 },
      };
    },
  };
}

/** The running total belongs to steps of one flow; other breakdowns show what an even spread would give instead. */
function extraSeries(found: Concentration, rows: Row[]): object[] {
  if (found.dimension === "step" && rows.length > 2) {
    let sum = 0;
    const points = rows.map((row, i) => [Math.min(1, (sum += row.share)), i]);
    return [{
      type: "line",
      data: points.map((point, i) => ({
        value: point,
        label: { show: i > 0, position: "right", formatter: () => (i === 1 ? t().steps.cumulative(percent(point[0] ?? 0)) : percent(point[0] ?? 0)), color: colour("ink-3"), fontSize: 11 },
      })),
      symbol: "circle",
      symbolSize: 4,
      silent: true,
      z: 2,
      lineStyle: { color: colour("ink-4"), type: "dashed", width: 1.2 },
      itemStyle: { color: colour("ink-4") },
    }];
  }
  return [{
    type: "custom",
    silent: true,
    z: 5,
    data: found.rows.slice(0, MOST).map((row, i) => [row.expected, i]),
    renderItem: (_: unknown, api: { value: (i: number) => number; coord: (p: number[]) => number[] }) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
      return { type: "circle", shape: { cx: x, cy: y, r: 3.5 }, style: { fill: colour("surface"), stroke: colour("ink-3"), lineWidth: 1.5 } };
    },
  }];
}

export function paretoChart(found: Concentration, title: Child, note: Child, file: string, fixedWidth?: number): HTMLElement {
  const rows = rowsOf(found);
  const most = Math.max(0.02, ...rows.map((row) => Math.max(row.share, row.high ?? 0)), ...found.rows.map((row) => row.expected));
  const running = found.dimension === "step" && rows.length > 2;
  const step = [0.02, 0.05, 0.1, 0.2].find((size) => most / size <= 5) ?? 0.25;
  const drawing = canvas(rows.length * 31 + 34, (width) => {
    const narrow = width < 460;
    const longest = narrow ? 8 : 18;
    return {
      grid: { left: 4, right: running ? (narrow ? 52 : 64) : 100, top: 6, bottom: 4, containLabel: true },
      xAxis: valueAxis({ min: 0, max: running ? 1 : Math.min(1, Math.ceil(most / step) * step), interval: running ? 0.25 : step, axisLabel: { color: colour("ink-3"), fontSize: 12, formatter: (x: number) => percent(x) } }),
      yAxis: {
        type: "category",
        inverse: true,
        data: rows.map((row) => row.name),
        axisLine: { lineStyle: { color: colour("line-2") } },
        axisTick: { show: false },
        axisLabel: { color: colour("ink-2"), fontSize: 12.5, formatter: (name: string) => short(name, longest) },
      },
      series: [
        {
          type: "bar",
          barWidth: 16,
          silent: true,
          data: rows.map((row) => {
            const text = `${percent(row.share)}${t().common.dot}${t().common.voices(count(row.count))}`;
            const inside = running && row.share > (narrow ? 0.5 : 0.3);
            return {
              value: row.share,
              itemStyle: { borderRadius: [0, 3, 3, 0], color: colour(row.kind === "top" ? "harm" : row.kind === "other" ? "harm-mid" : "line-2") },
              label: { show: inside, position: "insideLeft", formatter: () => text, color: colour("on-mark"), fontSize: 12, fontWeight: 600 },
            };
          }),
        },
        outsideLabels(rows, found, running, narrow),
        whiskers(rows),
        ...extraSeries(found, rows),
      ],
    };
  }, fixedWidth);
  const listing = rows.map((row) => `${row.name} ${percent(row.share)}`).join(t().common.list);
  return chartFigure({ title, note, drawing, sentence: t().steps.aria(plain([label(found.theme)]), listing), table: table(found), file });
}

/** Counts stand right of the whisker, so that the two never cross. */
function outsideLabels(rows: Row[], found: Concentration, running: boolean, narrow: boolean): object {
  return {
    type: "custom",
    silent: true,
    z: 4,
    data: rows.map((row, i) => [Math.max(row.share, row.high ?? 0, running ? 0 : (found.rows[i]?.expected ?? 0)), i]),
    renderItem: (params: { dataIndex: number }, api: { value: (i: number) => number; coord: (p: number[]) => number[] }) => {
      const row = rows[params.dataIndex];
      if (!row || (running && row.share > (narrow ? 0.5 : 0.3))) return null;
      const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
      return {
        type: "text",
        style: {
          x: x + 8,
          y,
          text: `${percent(row.share)}${t().common.dot}${t().common.voices(count(row.count))}`,
          textVerticalAlign: "middle",
          verticalAlign: "middle",
          fontSize: 12,
          fontFamily: FONT,
          fill: colour("ink-2"),
        },
      };
    },
  };
}

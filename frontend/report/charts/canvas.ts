// ECharts with only what the report draws. Colours are the page's own variables, so dark mode and print need no redraw.

import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { h } from "../dom";

use([BarChart, CustomChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

export const FONT = '"Inter Variable","PingFang SC","HarmonyOS Sans SC","MiSans","Noto Sans CJK SC","Microsoft YaHei",sans-serif';

export const colour = (token: string): string => `var(--hy-${token})`;

const alive = new Set<EChartsType>();
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const host = target as HTMLElement & { draw?: (width: number) => void };
    if (contentRect.width > 0) host.draw?.(Math.round(contentRect.width));
  }
});

/** A box that draws `option(width)` once it has a width, and again when the width changes. */
export function canvas(height: number, option: (width: number) => EChartsCoreOption, fixedWidth?: number): HTMLElement {
  const inner = h("div.chart-inner");
  const host = h("div.chart", {}, inner) as HTMLElement & { draw?: (width: number) => void };
  let chart: EChartsType | null = null;
  let drawn = 0;
  host.style.height = `${height}px`;
  host.draw = (width) => {
    if (width === drawn) return;
    drawn = width;
    if (chart) chart.resize({ width, height });
    else {
      chart = init(inner, null, { renderer: "svg", width, height });
      alive.add(chart);
    }
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option(width) }, true);
  };
  if (fixedWidth) host.draw(fixedWidth);
  else sizes.observe(host);
  return host;
}

/** Frees the charts of a part of the page that is about to go. */
export function release(root: ParentNode): void {
  for (const host of root.querySelectorAll(".chart")) sizes.unobserve(host);
  for (const chart of alive) {
    if (root.contains(chart.getDom())) {
      chart.dispose();
      alive.delete(chart);
    }
  }
}

export function categoryAxis(labels: string[], width: number): object {
  const every = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor(width / 76))));
  return {
    type: "category",
    data: labels,
    boundaryGap: false,
    axisLine: { lineStyle: { color: colour("line-2") } },
    axisTick: { show: false },
    axisLabel: {
      color: colour("ink-3"),
      fontSize: 12,
      // Counted from the end, so that the newest week always carries its date.
      interval: (index: number) => (labels.length - 1 - index) % every === 0,
    },
  };
}

export function valueAxis(extra: object = {}): object {
  return {
    type: "value",
    splitNumber: 3,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colour("line") } },
    axisLabel: { color: colour("ink-3"), fontSize: 12 },
    ...extra,
  };
}

/** The band between two bounds: an unseen line at the lower one and the difference stacked upon it. */
export function band(low: (number | null)[], high: (number | null)[], token: string): object[] {
  const base = { type: "line", symbol: "none", silent: true, lineStyle: { opacity: 0 }, stack: "band", stackStrategy: "all", z: 1 };
  return [
    { ...base, data: low.map((x) => x ?? "-") },
    { ...base, data: high.map((x, i) => (x === null || low[i] === null ? "-" : x - (low[i] as number))), areaStyle: { color: colour(token), opacity: 1 } },
  ];
}

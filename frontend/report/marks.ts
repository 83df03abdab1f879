// The small drawings that stand in rows: interval bar, rank histogram, spark, verdict chip, owner chip.

import type { Estimate, Trend, Verdict } from "./contract";
import { given, h, svg } from "./dom";
import { day, percent } from "./format";
import { icon } from "./icons";
import { t } from "./language";

/** Grey track, soft band for the interval, upright tick for the estimate, on the scale of its whole column. */
export function intervalBar(estimate: Estimate, low: number, high: number, tone = ""): HTMLElement {
  const bar = h(`span.interval${tone ? `.${tone}` : ""}`, { "aria-hidden": "true" });
  const span = high - low || 1;
  const place = (x: number): number => Math.max(0, Math.min(100, ((x - low) / span) * 100));
  if (estimate.low !== null && estimate.high !== null) {
    const band = h("i.band");
    band.style.left = `${place(estimate.low)}%`;
    band.style.width = `${Math.max(1, place(estimate.high) - place(estimate.low))}%`;
    bar.append(band);
  }
  if (estimate.value !== null) {
    const tick = h("i.tick");
    tick.style.left = `${place(estimate.value)}%`;
    bar.append(tick);
  }
  return bar;
}

export function rankHistogram(probability: number[], rank: number, certainty: number): SVGElement {
  const text = t().problems.histogram(rank, percent(certainty));
  const step = probability.length > 6 ? 6 : 9;
  const height = 20;
  const bars = probability.flatMap((p, i) => {
    const tall = Math.round(p * height * 10) / 10;
    const marks = [svg("rect", { x: i * step, y: height + 1, width: step - 2, height: 1.2, class: "base" })];
    if (tall >= 0.6) {
      marks.push(svg("rect", { x: i * step, y: height - tall, width: step - 2, height: tall, rx: 0.8, class: i + 1 === rank ? "own" : "other" }));
    }
    return marks;
  });
  const width = Math.max(1, probability.length * step - 2);
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height + 3}`, width, height: height + 3, class: "histogram", role: "img", "aria-label": text },
    svg("title", {}, text),
    ...bars,
  );
}

export function toneOf(verdict: Verdict): string {
  return verdict === "up" ? "harm" : verdict === "down" ? "good" : verdict === "unknown" ? "waiting" : "flat";
}

/** Weekly rate in a row. The line takes a colour only if the change passed its test; gaps stay gaps. */
export function spark(trend: Trend, weeks = 26): SVGElement {
  const shown = trend.weeks.slice(-weeks);
  const width = 88;
  const height = 28;
  const rates = shown.map((week) => week.per_thousand);
  const top = Math.max(...rates.map((r) => r ?? 0), 0.001);
  const x = (i: number): number => (shown.length < 2 ? width - 4 : 2 + (i / (shown.length - 1)) * (width - 6));
  const y = (rate: number): number => height - 3 - (rate / top) * (height - 7);
  const runs: string[] = [];
  let run: string[] = [];
  rates.forEach((rate, i) => {
    if (rate === null) {
      runs.push(run.join(" "));
      run = [];
    } else run.push(`${x(i).toFixed(1)},${y(rate).toFixed(1)}`);
  });
  runs.push(run.join(" "));
  const text = t().problems.spark(shown.length, t().verdict[trend.verdict]);
  const tone = toneOf(trend.verdict);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: `spark ${tone}`, role: "img", "aria-label": text }, svg("title", {}, text));
  for (const points of runs.filter(Boolean)) {
    const first = points.split(",")[0];
    const last = points.split(" ").at(-1)?.split(",")[0];
    drawing.append(
      svg("polygon", { points: `${first},${height - 2} ${points} ${last},${height - 2}`, class: "area" }),
      svg("polyline", { points, class: "line" }),
    );
  }
  const since = trend.since ? shown.findIndex((week) => week.start >= (trend.since as string)) : -1;
  if (since > 0) {
    const at = (x(since - 1) + x(since)) / 2;
    drawing.append(svg("line", { x1: at, x2: at, y1: 1, y2: height - 2, class: "break" }));
  }
  const end = rates.findLastIndex((rate) => rate !== null);
  if (end >= 0) drawing.append(svg("circle", { cx: x(end), cy: y(rates[end] as number), r: 2.4, class: "dot" }));
  return drawing;
}

export function verdictChip(verdict: Verdict, extra = ""): HTMLElement {
  return h(`span.chip.${toneOf(verdict)}`, {}, icon(verdict), h("span", {}, [t().verdict[verdict], extra].filter(Boolean).join(t().common.dot)));
}

export function sinceText(since: string | null): string {
  return since ? t().problems.break(day(since)) : "";
}

/** Team avatars are square; the hue comes from the name so that one owner always looks the same. */
export function ownerChip(owner: string | null): HTMLElement {
  if (!owner) return h("span.chip.harm", {}, t().common.noOwner);
  let hue = 0;
  for (const point of Array.from(owner)) hue = (hue + (point.codePointAt(0) ?? 0)) % 4;
  return h("span.owner", {}, h(`span.avatar.hue-${hue}`, { "aria-hidden": "true", "data-given": true }, Array.from(owner)[0] ?? ""), given(owner));
}

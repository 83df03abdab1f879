// The words and figures that several parts share, so that one number reads the same wherever it stands.

import type { Estimate, Findings, Part as PartName, Problem, Trend } from "./contract";
import { h, rich, type Child, type Part } from "./dom";
import { count, digitsFor, exact, fixed, percent, range } from "./format";
import { label, t } from "./language";

/** Scales and digits of a whole column: every row is drawn against the same ones. */
export interface Columns {
  hasHarm: boolean;
  frequencyMax: number;
  harmMin: number;
  harmMax: number;
  scoreMax: number;
  frequencyDigits: number;
  harmDigits: number;
  scoreDigits: number;
}

function largest(values: (number | null | undefined)[]): number {
  return Math.max(0, ...values.filter((v): v is number => typeof v === "number"));
}

export function columnsOf(findings: Findings): Columns {
  const rows = findings.problems;
  const harms = rows.flatMap((p) => (p.harm ? [p.harm] : []));
  const harmMax = largest(harms.flatMap((e) => [e.value, e.high]));
  const scoreMax = largest(rows.flatMap((p) => [p.score.value, p.score.high]));
  const frequencyMax = largest(rows.flatMap((p) => [p.frequency.value, p.frequency.high]));
  return {
    hasHarm: harms.some((e) => e.value !== null),
    frequencyMax,
    harmMin: Math.min(0, ...harms.map((e) => e.low ?? 0)),
    harmMax,
    scoreMax,
    frequencyDigits: digitsFor(frequencyMax * 0.9 > 1000 ? 1000 : 0),
    harmDigits: largest(harms.map((e) => e.value)) < 1 ? 2 : 1,
    scoreDigits: scoreMax < 10 ? 2 : 1,
  };
}

export function value(estimate: Estimate, digits: number, unit = ""): string {
  return estimate.value === null ? t().common.tooFew(exact(estimate.n)) : fixed(estimate.value, digits) + unit;
}

export function interval(estimate: Estimate, digits: number, unit = ""): string {
  return range(estimate.low, estimate.high, digits, unit);
}

/** A loss of 1.9 points is written −1.9, as the reader of a score expects. */
export function harmValue(harm: Estimate, digits: number): string {
  return harm.value === null ? t().common.tooFew(exact(harm.n)) : fixed(-harm.value, digits);
}

export function harmInterval(harm: Estimate, digits: number): string {
  return range(harm.high === null ? null : -harm.high, harm.low === null ? null : -harm.low, digits);
}

export function metricName(findings: Findings): string {
  return findings.score?.metric === "nps" ? t().problems.nps : t().problems.ratingName;
}

export function perThousand(findings: Findings): string {
  return findings.volume.customers_known ? t().common.perCustomers : t().common.perFeedback;
}

/** The people (or voices, where the file names no customers) behind a problem. */
export function crowd(findings: Findings, size: number): string {
  return findings.volume.customers_known ? t().common.people(count(size)) : t().common.voices(count(size));
}

/** How much a judged change is, from the ratio after ÷ before: 38%（29–48%） or 4.1 倍（3.2–5.1）. */
export function changeSize(ratio: Estimate): { text: string; interval: string } | null {
  if (ratio.value === null) return null;
  if (ratio.value >= 2) {
    return {
      text: t().changes.times(fixed(ratio.value, 1)),
      interval: range(ratio.low, ratio.high, 1),
    };
  }
  const sign = ratio.value < 1 ? -1 : 1;
  const bounds = [ratio.low, ratio.high].map((x) => (x === null ? null : sign * (x - 1) * 100));
  const [low, high] = sign < 0 ? [bounds[1], bounds[0]] : bounds;
  return { text: percent(sign * (ratio.value - 1)), interval: range(low ?? null, high ?? null, 0, "%") };
}

/** “升 38%” or “降 62%”, or “升到 4.1 倍”. */
export function changePhrase(verdict: "up" | "down", ratio: Estimate): string {
  const size = changeSize(ratio);
  if (!size) return "";
  return verdict === "up" ? t().changes.rise(size.text) : t().changes.fall(size.text);
}

export function trendSentence(trend: Trend, since: string | null): string {
  const words = t().problem.trendText;
  if (trend.verdict === "flat") return words.flat;
  if (trend.verdict === "unknown" || !since) return words.unknown;
  const before = value(trend.before, 1);
  const after = value(trend.after, 1);
  const ratio = trend.ratio.value === null ? "—" : `${fixed(trend.ratio.value, 2)}×`;
  const bounds = range(trend.ratio.low, trend.ratio.high, 2);
  return words[trend.verdict](since, before, after, `${ratio} (${bounds})`.replace(" (", bracket("(")).replace(/\)$/, bracket(")")));
}

function bracket(which: "(" | ")"): string {
  return t().common.list === "、" ? (which === "(" ? "（" : "）") : which === "(" ? " (" : ")";
}

export function pText(p: number): string {
  return p < 0.001 ? "p<0.001" : `p=${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/** Ranks with runs drawn together: 3–5、8. `own`, the rank they are compared with, bridges a run without being news itself. */
export function ranks(list: number[], own?: number): string {
  const wanted = new Set(list);
  const bridged = [...new Set(own === undefined ? list : [...list, own])].sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const rank of bridged) {
    const last = runs.at(-1);
    if (last && rank === last[last.length - 1]! + 1) last.push(rank);
    else runs.push([rank]);
  }
  const named = runs.map((run) => {
    const inside = run.filter((rank) => wanted.has(rank));
    if (!inside.length) return "";
    return inside.length > 2 ? `${inside[0]}–${inside[inside.length - 1]}` : inside.join(t().common.list);
  });
  return named.filter(Boolean).join(t().common.list);
}

export function strengthWord(intensity: number): string {
  const words = t().strength;
  const place = intensity < 0.4 ? 0 : intensity < 0.6 ? 1 : intensity < 0.8 ? 2 : 3;
  return words[place] ?? "";
}

export const PARTS: PartName[] = ["frequency", "intensity", "harm"];

export function problemName(problem: Problem): string {
  return label(problem.name);
}

export function sentence(selector: string, ...parts: Part[]): HTMLElement {
  return h(selector, {}, ...(rich(parts) as Child[]));
}

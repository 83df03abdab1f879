// Figures and dates as UI.md writes them; everything here returns plain text.

import type { Estimate } from "./contract";
import type { Language } from "./state";

let lang: Language = "zh";
let homeYear: number | null = null;

/** `year`: the year of the last record; dates in it are written without their year. */
export function useLocale(language: Language, year: number | null): void {
  lang = language;
  homeYear = year;
}

export function exact(n: number): string {
  return n.toLocaleString("en-US");
}

/** 9,999 as it is, then 1.89 万 / 18.9K; the exact number belongs into a title. */
export function count(n: number): string {
  if (Math.abs(n) < 10_000) return exact(n);
  const steps: [number, string][] = lang === "zh" ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e3, "K"]];
  for (const [size, unit] of steps) {
    if (Math.abs(n) >= size) return `${Number((n / size).toPrecision(3))}${unit}`;
  }
  return exact(n);
}

export function fixed(x: number, digits: number): string {
  const text = Math.abs(x).toFixed(digits);
  return x < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Digits so that every figure of a column of this size reads the same. */
export function digitsFor(largest: number): number {
  return largest >= 100 ? 0 : 1;
}

function percentDigits(fraction: number): number {
  return Math.abs(fraction) < 0.01 && fraction !== 0 ? 1 : 0;
}

export function percent(fraction: number): string {
  return `${fixed(fraction * 100, percentDigits(fraction))}%`;
}

/** 29–41, and −71 至 −51 as soon as a bound is negative. */
export function range(low: number | null, high: number | null, digits: number, unit = ""): string {
  if (low === null || high === null) return "—";
  const a = fixed(low, digits);
  const b = fixed(high, digits);
  if (low < 0 || high < 0) return lang === "zh" ? `${a}${unit} 至 ${b}${unit}` : `${a}${unit} to ${b}${unit}`;
  return `${a}–${b}${unit}`;
}

export function percentRange(estimate: Estimate): string {
  const { low, high } = estimate;
  if (low === null || high === null) return "—";
  const digits = percentDigits(Math.min(Math.abs(low), Math.abs(high)) || 1);
  // A narrow interval keeps a decimal rather than reading 83–83%.
  const narrow = low !== high && fixed(low * 100, digits) === fixed(high * 100, digits);
  return range(low * 100, high * 100, narrow ? 1 : digits, "%");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function parts(iso: string): [number, number, number] | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (!match) return null;
  const [year, month, dayOfMonth] = match.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 ? [year, month, dayOfMonth] : null;
}

export function yearOf(iso: string | null): number | null {
  return iso ? (parts(iso)?.[0] ?? null) : null;
}

export function day(iso: string, withYear = false): string {
  const found = parts(iso);
  if (!found) return iso;
  const [year, month, date] = found;
  const showYear = withYear || year !== homeYear;
  if (lang === "zh") return `${showYear ? `${year}年` : ""}${month}月${date}日`;
  return `${date} ${MONTHS[month - 1]}${showYear ? ` ${year}` : ""}`;
}

export function dayRange(first: string, last: string): string {
  if (first === last) return day(first, true);
  if (lang === "zh") return `${day(first, true)}–${day(last, yearOf(first) !== yearOf(last))}`;
  return `${day(first, yearOf(first) !== yearOf(last))} – ${day(last, true)}`;
}

/** For the axis of a chart. */
export function shortDay(iso: string): string {
  const found = parts(iso);
  if (!found) return iso;
  return lang === "zh" ? `${found[1]}/${found[2]}` : `${found[2]} ${MONTHS[found[1] - 1]}`;
}

/** The written date and minute of a timestamp, in the zone it was written in. */
export function moment(iso: string): string {
  const clock = /T(\d{2}:\d{2})/.exec(iso)?.[1];
  return clock ? `${day(iso, true)} ${clock}` : day(iso, true);
}

/** Cuts a label for an axis by code points. */
export function short(text: string, length: number): string {
  const points = Array.from(text);
  return points.length > length ? `${points.slice(0, length - 1).join("")}…` : text;
}

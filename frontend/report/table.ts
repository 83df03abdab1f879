// The ranked list: 频率 × 强度 × 伤害 = 综合分, each against the scale of its column; a row opens on its problem.

import type { Findings, Problem } from "./contract";
import { release } from "./charts/canvas";
import { given, h, type Child } from "./dom";
import { columnsOf, crowd, harmInterval, harmValue, interval, metricName, perThousand, ranks, sentence, value, type Columns } from "./estimates";
import { exact, percent } from "./format";
import { icon } from "./icons";
import { label, t } from "./language";
import { intervalBar, ownerChip, rankHistogram, sinceText, spark, verdictChip } from "./marks";
import { problemDetail } from "./problem";
import { readState, writeState } from "./state";

interface Column {
  key: string;
  sign?: string;
  unit?: string;
  sortValue: (problem: Problem) => number | string;
  bigFirst: boolean;
}

const VERDICT_ORDER = { up: 0, down: 1, flat: 2, unknown: 3 };

function columnList(findings: Findings, columns: Columns): Column[] {
  return [
    { key: "rank", sortValue: (p) => p.rank, bigFirst: false },
    { key: "name", sortValue: (p) => label(p.name), bigFirst: false },
    { key: "frequency", unit: perThousand(findings), sortValue: (p) => p.frequency.value ?? -1, bigFirst: true },
    { key: "intensity", sign: "×", unit: t().problems.zeroToOne, sortValue: (p) => p.intensity.value ?? -1, bigFirst: true },
    ...(columns.hasHarm ? [{ key: "harm", sign: "×", unit: t().problems.points(metricName(findings)), sortValue: (p: Problem) => p.harm?.value ?? -Infinity, bigFirst: true }] : []),
    { key: "score", sign: "=", sortValue: (p) => p.score.value ?? -1, bigFirst: true },
    { key: "certainty", sortValue: (p) => p.rank_certainty, bigFirst: true },
    ...(findings.volume.weeks.length ? [{ key: "trend", sortValue: (p: Problem) => VERDICT_ORDER[p.trend.verdict], bigFirst: false }] : []),
    ...(hasOwners(findings) ? [{ key: "owner", sortValue: (p: Problem) => p.owner ?? "", bigFirst: false }] : []),
  ];
}

/** A column of nothing but 无主 says less than no column. */
function hasOwners(findings: Findings): boolean {
  return findings.problems.some((p) => p.owner !== null);
}

type ColumnKey = keyof ReturnType<typeof t>["problems"]["columns"];

function columnTitle(key: string): string {
  return t().problems.columns[key as ColumnKey] ?? key;
}

function measure(selector: string, name: string, main: string, bar: HTMLElement, note: string): HTMLElement {
  return h(`td.measure.of-${selector}`, {}, h("span.measure-name", {}, name), h("b", {}, main), bar, h("small", {}, note));
}

function certainty(problem: Problem): Child {
  const within = problem.rank <= problem.rank_probability.length;
  const tie = problem.tied_with.length ? h("span.tie", {}, t().problems.tiedWith(ranks(problem.tied_with, problem.rank))) : null;
  return h(
    "td.certainty",
    {},
    within
      ? h("span.odds", {}, rankHistogram(problem.rank_probability, problem.rank, problem.rank_certainty), h("span", {}, percent(problem.rank_certainty)))
      : h("span.quiet", {}, problem.rank_probability.length ? t().problems.outside(problem.rank_probability.length) : t().common.unknown),
    tie,
  );
}

function rowOf(findings: Findings, columns: Columns, problem: Problem): HTMLTableRowElement {
  const names = t().problems.columns;
  const { frequencyDigits: fd, harmDigits: hd, scoreDigits: sd } = columns;
  const people = crowd(findings, findings.volume.customers_known ? problem.customers : problem.feedback);
  const scope = [problem.parent ? label(problem.parent) : null, problem.touchpoint].filter((x): x is string => Boolean(x));
  return h(
    "tr.problem-row",
    { "data-problem": problem.problem_id },
    h("td.rank", {}, String(problem.rank)),
    h(
      "td.name",
      {},
      h("button.row-open", { type: "button", "aria-expanded": "false" }, given(label(problem.name))),
      h("span.scope", {}, ...scope.flatMap((text, i) => [i ? t().common.dot : "", given(text)])),
    ),
    measure("frequency", names.frequency, value(problem.frequency, fd), intervalBar(problem.frequency, 0, columns.frequencyMax), people),
    measure("intensity", names.intensity, value(problem.intensity, 2), intervalBar(problem.intensity, 0, 1), interval(problem.intensity, 2)),
    columns.hasHarm
      ? problem.harm
        ? measure("harm", names.harm, harmValue(problem.harm, hd), intervalBar(problem.harm, columns.harmMin, columns.harmMax), harmInterval(problem.harm, hd))
        : h("td.measure.of-harm", { title: t().problem.noHarm }, h("span.measure-name", {}, names.harm), h("b", {}, "—"))
      : null,
    measure("score", names.score, value(problem.score, sd), intervalBar(problem.score, 0, columns.scoreMax), interval(problem.score, sd)),
    certainty(problem),
    findings.volume.weeks.length
      ? h("td.trend", {}, spark(problem.trend), h("span.trend-words", {}, verdictChip(problem.trend.verdict), problem.trend.since ? h("small", {}, sinceText(problem.trend.since)) : null))
      : null,
    hasOwners(findings) ? h("td.owner-cell", {}, ownerChip(problem.owner)) : null,
  ) as HTMLTableRowElement;
}

function matches(problem: Problem, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const { name, parent, owner, touchpoint, aspect } = problem;
  const text = [name.zh, name.en, parent?.zh, parent?.en, owner, touchpoint, aspect].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Keeps one problem open at a time and the address in step with it. */
export class ProblemTable {
  readonly element: HTMLElement;
  private readonly columns: Columns;
  private readonly list: Column[];
  private readonly body = h("tbody");
  private readonly status = h("span.shown", { "aria-live": "polite" });
  private readonly head = h("tr");
  private readonly rows = new Map<string, HTMLTableRowElement>();
  private detail: HTMLTableRowElement | null = null;
  private readonly box: HTMLInputElement;
  private readonly sorter: HTMLSelectElement;

  constructor(private readonly findings: Findings) {
    this.columns = columnsOf(findings);
    this.list = columnList(findings, this.columns);
    for (const problem of findings.problems) {
      const row = rowOf(findings, this.columns, problem);
      row.addEventListener("click", () => this.pressed(problem.problem_id));
      this.rows.set(problem.problem_id, row);
    }
    this.box = h("input", { type: "search", "aria-label": t().problems.filter, placeholder: t().problems.filterHint, value: readState().filter, input: () => this.filtered() }) as HTMLInputElement;
    this.sorter = h("select.only-phone", { "aria-label": t().problems.sort, change: () => this.sortBy(this.sorter.value) }, ...this.list.map((c) => h("option", { value: c.key }, columnTitle(c.key)))) as HTMLSelectElement;
    this.element = this.frame();
    this.draw();
  }

  private frame(): HTMLElement {
    return h(
      "div",
      {},
      h("div.toolbar", {}, h("label.search", {}, icon("search"), this.box), this.sorter, this.status, h("span.keys", { "aria-hidden": "true" }, t().problems.keys)),
      h("table.rows.problems", {}, h("thead", {}, this.head), this.body),
      this.columns.hasHarm ? null : h("p.note-line", {}, t().problems.noHarm),
    );
  }

  private pressed(id: string): void {
    if (window.getSelection()?.toString()) return;
    const open = readState().problem === id && this.detail;
    if (open) this.close(true);
    else this.open(id, this.detail !== null);
  }

  private filtered(): void {
    writeState({ filter: this.box.value.trim() });
    this.draw();
  }

  sortBy(key: string): void {
    const state = readState();
    const column = this.list.find((c) => c.key === key);
    if (!column) return;
    const descending = state.sort === key ? !state.descending : column.bigFirst;
    writeState({ sort: key, descending });
    this.draw();
  }

  private drawHead(): void {
    const { sort, descending } = readState();
    this.sorter.value = sort;
    this.head.replaceChildren(
      ...this.list.map((column) => {
        const current = column.key === sort;
        const direction = current ? (descending ? "descending" : "ascending") : "none";
        const button = h("button.sort", { type: "button", "data-sort": column.key, click: () => this.sortBy(column.key) }, columnTitle(column.key), column.unit ? h("small", {}, column.unit) : null, current ? h("i", { "aria-hidden": "true" }, descending ? "↓" : "↑") : null);
        return h(`th.col-${column.key}`, { scope: "col", "aria-sort": direction }, column.sign ? h("span.times", { "aria-hidden": "true" }, column.sign) : null, button);
      }),
    );
  }

  /** Puts the rows in order; focus and an open problem stay where they are. */
  private draw(): void {
    const state = readState();
    const focused = (document.activeElement as HTMLElement | null)?.dataset["sort"];
    this.drawHead();
    if (focused) this.head.querySelector<HTMLElement>(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
    const column = this.list.find((c) => c.key === state.sort) ?? (this.list[0] as Column);
    const shown = this.findings.problems.filter((p) => matches(p, state.filter));
    const compare = (a: Problem, b: Problem): number => {
      const [x, y] = [column.sortValue(a), column.sortValue(b)];
      const order = typeof x === "string" && typeof y === "string" ? x.localeCompare(y, "zh-Hans-CN") : Number(x) - Number(y);
      return (state.descending ? -order : order) || a.rank - b.rank;
    };
    shown.sort(compare);
    const rows = shown.flatMap((p) => {
      const row = this.rows.get(p.problem_id) as HTMLTableRowElement;
      return this.detail && state.problem === p.problem_id ? [row, this.detail] : [row];
    });
    if (!shown.length) rows.push(h("tr", {}, h("td.nothing", { colspan: this.list.length }, t().problems.none)) as HTMLTableRowElement);
    this.body.replaceChildren(...rows);
    this.status.textContent = t().problems.shown(exact(shown.length), exact(this.findings.problems.length));
  }

  open(id: string, scroll: boolean): void {
    const problem = this.findings.problems.find((p) => p.problem_id === id);
    const row = this.rows.get(id);
    if (!problem || !row) return;
    this.close(false);
    if (!row.isConnected) {
      this.box.value = "";
      writeState({ filter: "" });
      this.draw();
    }
    writeState({ problem: id });
    const cell = h("td", { colspan: this.list.length }, problemDetail(this.findings, problem, () => this.close(true)));
    this.detail = h("tr.detail", {}, cell) as HTMLTableRowElement;
    row.after(this.detail);
    row.classList.add("opened");
    row.querySelector("button")?.setAttribute("aria-expanded", "true");
    if (scroll) {
      row.scrollIntoView({ block: "start" });
      // Whoever came from another part of the page goes on from here; a page just loaded keeps its own start.
      if (document.activeElement !== document.body) row.querySelector("button")?.focus({ preventScroll: true });
    }
  }

  close(refocus: boolean): void {
    if (!this.detail) return;
    const row = this.rows.get(readState().problem ?? "") ?? (this.detail.previousElementSibling as HTMLTableRowElement | null);
    release(this.detail);
    this.detail.remove();
    this.detail = null;
    for (const opened of this.body.querySelectorAll(".opened")) opened.classList.remove("opened");
    const button = row?.querySelector("button");
    button?.setAttribute("aria-expanded", "false");
    writeState({ problem: null });
    if (refocus) {
      button?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: "nearest" });
    }
  }

  move(step: number): void {
    const buttons = [...this.body.querySelectorAll<HTMLElement>(".problem-row .row-open")];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at < 0 ? 0 : at + step))]?.focus();
  }

  focusFilter(): void {
    this.box.focus();
    this.box.select();
  }
}

function tieGroups(problems: Problem[]): string {
  const groups = problems.filter((p) => p.tied_with.length).map((p) => [p.rank, ...p.tied_with].sort((a, b) => a - b));
  const largest = groups.filter((group, i) =>
    groups.every((other, k) => i === k || !group.every((rank) => other.includes(rank)) || (other.length === group.length && i < k)),
  );
  return largest.slice(0, 3).map((group) => t().problems.pair(ranks(group))).join(t().problem.semicolon);
}

function tooSmall(findings: Findings): HTMLElement | null {
  if (!findings.too_small.length) return null;
  const { customers_known } = findings.volume;
  return h(
    "section.too-small",
    {},
    h("div.heading", {}, h("h3", {}, t().problems.tooSmall), h("span.note", {}, t().problems.tooSmallNote(exact(findings.minimum_customers), customers_known))),
    h("ul.inline-list", {}, ...findings.too_small.map(([name, size]) => h("li", {}, given(label(name)), " ", h("span.quiet", {}, `n=${exact(size)}`)))),
  );
}

export function problemsSection(findings: Findings, table: ProblemTable | null): HTMLElement {
  const { customers_known } = findings.volume;
  const minimum = exact(findings.minimum_customers);
  const ties = tieGroups(findings.problems);
  const summary = table
    ? sentence("p.conclusion", ...t().problems.summary(exact(findings.problems.length), minimum, customers_known), ...(ties ? t().problems.ties(ties) : []))
    : h("p.empty.large", {}, h("b", {}, t().problems.empty), t().problems.emptyText(minimum, customers_known));
  return h("section.part", { id: "problems" }, h("div.part-head", {}, h("h2", {}, t().sections.problems), summary), table?.element ?? null, tooSmall(findings));
}

// One problem opened: why it ranks where it does, what would change that, where it gathers, whether it changed, who said so.

import type { Concentration, Findings, Part as PartName, Problem } from "./contract";
import { paretoChart } from "./charts/pareto";
import { trendChart } from "./charts/trend";
import { given, h, rich, type Child, type Part } from "./dom";
import { columnsOf, harmInterval, harmValue, interval, pText, PARTS, ranks, value, type Columns } from "./estimates";
import { count, exact, percent, percentRange } from "./format";
import { icon } from "./icons";
import { label, t } from "./language";
import { intervalBar, ownerChip, rankHistogram, verdictChip } from "./marks";
import { quoteFigure } from "./quotes";

function partText(problem: Problem, part: PartName, columns: Columns): string {
  if (part === "frequency") return `${value(problem.frequency, columns.frequencyDigits)}‰`;
  if (part === "intensity") return value(problem.intensity, 2);
  return problem.harm ? harmValue(problem.harm, columns.harmDigits) : "—";
}

function known(problem: Problem): PartName[] {
  return PARTS.filter((part) => problem.rank_by[part] !== undefined && (part !== "harm" || problem.harm?.value != null));
}

function whySentence(findings: Findings, problem: Problem, columns: Columns): Child[] {
  const phrases = known(problem).map((part) => {
    const place = problem.rank_by[part] as number;
    const shown = partText(problem, part, columns);
    return place === 1 ? t().problem.most[part](shown) : t().problem.place[part](place, shown);
  });
  const times = Math.round(problem.rank_certainty * findings.replicates);
  const text = phrases.join(t().problem.join);
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  const factors = [
    value(problem.frequency, columns.frequencyDigits),
    value(problem.intensity, 2),
    ...(problem.harm?.value != null ? [value(problem.harm, columns.harmDigits)] : []),
  ];
  return [
    first ? `${first}${t().problem.stop}${t().problem.gap}` : "",
    findings.replicates ? `${t().problem.resampled(exact(findings.replicates), exact(times), problem.rank)}${t().problem.gap}` : "",
    problem.score.value === null ? "" : " ",
    problem.score.value === null ? "" : h("span.quiet.nowrap", {}, `${factors.join(" × ")} = ${value(problem.score, columns.scoreDigits)}`),
  ];
}

/** What one part alone would do to the order: this one's rank, and who would stand here instead. */
function alone(findings: Findings, problem: Problem, part: PartName): Part[] {
  const rival = findings.problems.find((other) => other !== problem && other.rank_by[part] === problem.rank);
  return [t().problem.only[part](problem.rank_by[part] as number), ...(rival ? t().problem.takes(label(rival.name), problem.rank) : [])];
}

function changeSentence(findings: Findings, problem: Problem): Part[] {
  const { gap, stop, semicolon } = t().problem;
  const moving = known(problem).filter((part) => problem.rank_by[part] !== problem.rank);
  const sentences: Part[][] = [];
  if (problem.tied_with.length) sentences.push([t().problem.tie(ranks(problem.tied_with, problem.rank))]);
  if (moving.length) sentences.push([...moving.flatMap((part, i) => [i ? semicolon : "", ...alone(findings, problem, part)]), stop]);
  else sentences.push([known(problem).includes("harm") ? t().problem.steady : t().problem.steadyNoHarm]);
  const next = problem.rank_probability
    .map((p, i) => ({ p, rank: i + 1 }))
    .filter(({ rank }) => rank !== problem.rank)
    .sort((a, b) => b.p - a.p)[0];
  if (next && next.p >= 0.05) sentences.push([t().problem.next(percent(next.p), next.rank)]);
  return sentences.flatMap((words, i) => [i ? gap : "", ...words]);
}

/** “70%（95% 区间 65–74%，n=412）的「…」负面观点，集中在「…」这一步。” */
export function concentrationBand(found: Concentration, theme: string, action: Child = null): HTMLElement {
  const { top } = found;
  const share = top.share.value === null ? t().common.tooFew(exact(top.share.n)) : percent(top.share.value);
  const bounds = t().problem.bounds(percentRange(top.share), exact(top.share.n));
  const step = found.dimension === "step";
  const main = step
    ? t().problem.concentrate.step(share, bounds, theme, label(top.name))
    : t().problem.concentrate.other(share, bounds, theme, label(top.name), t().problem.dimension[found.dimension]);
  const expected = (step ? t().problem.expectedStep : t().problem.expectedOther)(percent(top.expected), pText(found.p_value));
  const loose = found.unassigned
    ? step
      ? t().problem.unassignedStep(exact(found.unassigned))
      : t().problem.unassigned(exact(found.unassigned), t().problem.dimension[found.dimension])
    : "";
  return h(
    "div.band-sentence",
    {},
    h("p.band-main", {}, ...(rich(main) as Child[])),
    h("p.quiet", {}, expected, loose ? `${t().problem.gap}${loose}${t().problem.stop}` : "", " ", action),
  );
}

function rail(problem: Problem, columns: Columns): HTMLElement {
  const part = (name: string, shown: string, bar: HTMLElement, note: string): HTMLElement =>
    h("div.rail-part", {}, h("span", {}, name), h("b", {}, shown), bar, h("small", {}, note));
  const names = t().problems.columns;
  const hasHarm = problem.harm !== null;
  return h(
    "aside.rail",
    {},
    h(
      "section",
      {},
      h("h4", {}, hasHarm ? t().problem.parts : t().problem.partsTwo, h("span.note", {}, t().common.interval("").trim())),
      part(names.frequency, `${value(problem.frequency, columns.frequencyDigits)}‰`, intervalBar(problem.frequency, 0, columns.frequencyMax), interval(problem.frequency, columns.frequencyDigits)),
      part(names.intensity, value(problem.intensity, 2), intervalBar(problem.intensity, 0, 1), interval(problem.intensity, 2)),
      problem.harm
        ? part(names.harm, harmValue(problem.harm, columns.harmDigits), intervalBar(problem.harm, columns.harmMin, columns.harmMax), harmInterval(problem.harm, columns.harmDigits))
        : h("p.quiet", {}, t().problem.noHarm),
      part(names.score, value(problem.score, columns.scoreDigits), intervalBar(problem.score, 0, columns.scoreMax), interval(problem.score, columns.scoreDigits)),
    ),
    h("section", {}, h("h4", {}, t().problem.ranking), h("p.odds", {}, rankHistogram(problem.rank_probability, problem.rank, problem.rank_certainty), h("span", {}, t().problem.rankingText(percent(problem.rank_certainty), problem.rank)))),
  );
}

function whereCharts(problem: Problem, fixedWidth?: number): Child {
  return problem.concentrations.map((found) => {
    const dimension = t().problem.dimension[found.dimension];
    return paretoChart(found, `${t().problem.where}${t().common.dot}${dimension}`, found.dimension === "step" ? t().steps.chart : t().problem.whereNote, `${problem.problem_id}-${found.dimension}`, fixedWidth);
  });
}

function wall(findings: Findings, problem: Problem, most: number): HTMLElement {
  const quotes = problem.evidence.slice(0, most);
  const { customers_known } = findings.volume;
  const note = t().problem.wallNote(exact(quotes.length), count(customers_known ? problem.evidence_customers : problem.feedback), customers_known);
  return h(
    "section.evidence",
    {},
    h("div.heading", {}, h("h3", {}, t().problem.wall), quotes.length ? h("span.note", {}, note) : null),
    quotes.length ? h("div.wall.three", {}, ...quotes.map((quote) => quoteFigure(quote))) : h("p.empty", {}, t().problem.noQuotes),
  );
}

export interface DetailOptions {
  fixedWidth?: number;
  mostQuotes?: number;
}

export function problemDetail(findings: Findings, problem: Problem, close: (() => void) | null, options: DetailOptions = {}): HTMLElement {
  const columns = columnsOf(findings);
  const hasDates = problem.trend.weeks.length > 0;
  return h(
    "article.problem",
    { "aria-label": label(problem.name) },
    h(
      "header.problem-head",
      {},
      h("h3.problem-name", {}, given(label(problem.name))),
      hasDates ? verdictChip(problem.trend.verdict) : null,
      h("span.quiet", {}, t().problem.rank(problem.rank)),
      h(
        "span.problem-facts",
        {},
        ownerChip(problem.owner),
        problem.touchpoint ? given(problem.touchpoint) : null,
        h("span.quiet", {}, t().problem.counts(exact(problem.feedback), exact(problem.mentions))),
        given(problem.aspect, "code"),
      ),
      close ? h("button.plain", { type: "button", click: close }, icon("close"), t().problems.close) : null,
    ),
    ...problem.concentrations.map((found) => concentrationBand(found, label(problem.name))),
    h(
      "div.reasons",
      {},
      problem.definition ? h("section", {}, h("h4", {}, t().problem.definition), h("p", {}, given(label(problem.definition)))) : null,
      h("section", {}, h("h4", {}, t().problem.why(problem.rank)), h("p", {}, ...whySentence(findings, problem, columns))),
      h("section", {}, h("h4", {}, t().problem.change), h("p", {}, ...rich(changeSentence(findings, problem))), problem.concentrations.length ? null : h("p.quiet", {}, t().problem.everywhere)),
    ),
    h(
      "div.problem-body",
      {},
      h(
        "div.problem-main",
        {},
        h(
          `div.charts${problem.concentrations.length ? "" : ".alone"}`,
          {},
          hasDates ? trendChart(problem.trend, `${problem.problem_id}-weeks`, options.fixedWidth && options.fixedWidth * (problem.concentrations.length ? 1 : 2)) : h("section.figure-block", {}, h("div.heading", {}, h("h3", {}, t().problem.trend)), h("p.empty", {}, t().problem.noDates)),
          problem.concentrations.length ? h("div", {}, whereCharts(problem, options.fixedWidth)) : null,
        ),
      ),
      rail(problem, columns),
    ),
    wall(findings, problem, options.mostQuotes ?? Infinity),
  );
}


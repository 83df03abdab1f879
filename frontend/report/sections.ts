// The parts below the list: steps, praise, and what no tag holds.

import type { Concentration, Findings, Problem } from "./contract";
import { paretoChart } from "./charts/pareto";
import { given, h, type Child } from "./dom";
import { crowd, interval, value } from "./estimates";
import { exact, percent, percentRange } from "./format";
import { icon } from "./icons";
import { label, t } from "./language";
import { intervalBar } from "./marks";
import { concentrationBand } from "./problem";
import { quoteWall } from "./quotes";
import type { OpenProblem } from "./overview";

export function part(id: string, title: string, note: string, ...children: Child[]): HTMLElement {
  return h("section.part", { id }, h("div.part-head.one-line", {}, h("h2", {}, title), h("span.note", {}, note)), ...children);
}

/** The ranked problem that is this step, if it is one. */
function problemOfStep(findings: Findings, found: Concentration): Problem | undefined {
  return findings.problems.find((p) => p.aspect.startsWith(`${found.theme_path}/`) && p.name.zh === found.top.name.zh);
}

export function stepsSection(findings: Findings, open: OpenProblem): HTMLElement {
  const blocks = findings.steps.map((found) => {
    const problem = problemOfStep(findings, found);
    const action = problem
      ? h("button.link", { type: "button", click: () => open(problem.problem_id) }, t().steps.listen(exact(found.top.count)), icon("right"))
      : null;
    return h(
      "div.step-block",
      {},
      concentrationBand(found, label(found.theme), action),
      h("div.step-chart", {}, paretoChart(found, given(label(found.theme)), t().steps.chart, `steps-${found.theme_path.replaceAll("/", "-")}`)),
    );
  });
  return part("steps", t().sections.steps, t().steps.note, blocks.length ? h("div.steps", {}, ...blocks) : h("p.empty.large", {}, t().steps.empty));
}

export function praisedSection(findings: Findings): HTMLElement {
  const most = Math.max(1, ...findings.praised.map((p) => p.frequency.high ?? p.frequency.value ?? 0));
  const known = findings.volume.customers_known;
  const blocks = findings.praised.map((praise) =>
    h(
      "div.praise",
      {},
      h(
        "div.praise-name",
        {},
        h("h3", {}, given(label(praise.name))),
        h("div.praise-size", {}, h("b", {}, `${value(praise.frequency, 1)}‰`), intervalBar(praise.frequency, 0, most, "good")),
        h("p.quiet", { title: crowd(findings, praise.customers) }, t().praised.size(exact(praise.customers), known), t().common.dot, h("span.nowrap", {}, t().common.shortInterval(`${interval(praise.frequency, 1)}‰`))),
      ),
      quoteWall(praise.evidence, 2, "two"),
    ),
  );
  return part("praised", t().sections.praised, t().praised.note, ...(blocks.length ? blocks : [h("p.empty.large", {}, t().praised.empty)]));
}

export function unplacedSection(findings: Findings): HTMLElement {
  const { coverage } = findings;
  const figure = (estimate: typeof coverage.feedback_placed, text: string): HTMLElement =>
    h(
      "div.coverage",
      {},
      h("p", {}, h("b.metric", {}, estimate.value === null ? "—" : percent(estimate.value)), " ", text),
      intervalBar(estimate, 0, 1),
      h("p.quiet", {}, estimate.value === null ? t().common.tooFew(exact(estimate.n)) : `${t().common.interval(percentRange(estimate))}${t().common.dot}n=${exact(estimate.n)}`),
    );
  const words = coverage.unplaced_words;
  const most = Math.max(1, ...words.map(([, size]) => size));
  const wordRow = ([word, size]: [string, number]): HTMLElement => {
    const bar = h("i.word-bar", { "aria-hidden": "true" });
    bar.style.width = `${(size / most) * 100}%`;
    return h("li", {}, given(word), h("span.word-track", {}, bar), h("span.figure", {}, exact(size)));
  };
  return part(
    "unplaced",
    t().sections.unplaced,
    t().unplaced.note,
    h("div.coverages", {}, figure(coverage.feedback_placed, t().unplaced.feedback), figure(coverage.negative_placed, t().unplaced.negative)),
    coverage.unplaced_total === 0 && !coverage.unplaced.length
      ? h("p.empty.large", {}, t().unplaced.empty)
      : h(
          "div.unplaced",
          {},
          words.length ? h("section.words", {}, h("h3", {}, t().unplaced.words), h("ul", {}, ...words.slice(0, 24).map(wordRow))) : null,
          h("section", {}, h("div.heading", {}, h("h3", {}, t().unplaced.list), h("span.note", {}, t().unplaced.total(exact(coverage.unplaced_total), exact(coverage.unplaced.length)))), quoteWall(coverage.unplaced, 6, "two")),
        ),
  );
}

// The first screen: the conclusion as a headline, four figures, five problems, what changed.

import type { Estimate, Findings, Problem, Quote } from "./contract";
import { scoreChart, volumeChart } from "./charts/weekly";
import { given, h, rich, type Child, type Part } from "./dom";
import { changePhrase, changeSize, columnsOf, crowd, harmValue, interval, metricName, perThousand, sentence, value } from "./estimates";
import { count, day, dayRange, exact, fixed, percent, percentRange } from "./format";
import { icon } from "./icons";
import { label, language, t } from "./language";
import { intervalBar, ownerChip, spark, verdictChip } from "./marks";
import { quoteFigure } from "./quotes";

export type OpenProblem = (id: string) => void;

function rangeText(findings: Findings): string {
  const { first_day, last_day } = findings.volume;
  return first_day && last_day ? dayRange(first_day, last_day) : "";
}

function fact(name: string, content: Child): Child {
  return [h("dt", {}, name), h("dd", {}, content)];
}

function headlineText(findings: Findings, first: Problem): Part[] {
  const other = findings.problems.find((p) => p !== first && first.tied_with.includes(p.rank));
  return other ? t().headline.tied([label(first.name), label(other.name)]) : t().headline.first(label(first.name));
}

function sizeText(findings: Findings, first: Problem): Part[] {
  const columns = columnsOf(findings);
  const figure = { value: value(first.frequency, 1), interval: interval(first.frequency, 1), n: exact(first.frequency.n) };
  const parts = t().headline.size(findings.volume.customers_known, figure, count(findings.volume.customers_known ? first.customers : first.feedback));
  if (first.harm && first.harm.value !== null && first.harm.value > 0) {
    parts.push(...t().headline.harm(fixed(first.harm.value, columns.harmDigits), interval(first.harm, columns.harmDigits), metricName(findings)));
  }
  if (first.tied_with.length) parts.push(...t().headline.tie(percent(first.rank_certainty)));
  return parts;
}

/** The voice to lead with: the most intense one in the language of the page that is short enough to be read at a glance. */
function spoken(quotes: Quote[]): Quote | undefined {
  const chinese = language() === "zh";
  const own = quotes.filter((quote) => /[\u3400-\u9fff]/.test(quote.text) === chinese);
  return own.find((quote) => quote.text.length <= 80) ?? own[0] ?? quotes[0];
}

function headline(findings: Findings, open: OpenProblem): HTMLElement {
  const { volume } = findings;
  const eyebrow = h("p.eyebrow", {}, t().headline.eyebrow(rangeText(findings), count(volume.kept)));
  const first = findings.problems[0];
  if (!first) {
    const text = t().headline.noneText(count(volume.kept), exact(findings.minimum_customers), volume.customers_known, findings.too_small.length ? exact(findings.too_small.length) : "");
    return h("section.headline.calm", {}, h("div.headline-main", {}, eyebrow, h("h1", {}, t().headline.none), sentence("p.lead", ...text)));
  }
  const own = spoken(first.evidence);
  return h(
    "section.headline",
    {},
    h("div.headline-main", {}, eyebrow, sentence("h1", ...headlineText(findings, first)), sentence("p.lead", ...sizeText(findings, first)), own ? quoteFigure(own, false) : null),
    h(
      "div.headline-side",
      {},
      h(
        "dl.facts",
        {},
        fact(t().headline.owner, ownerChip(first.owner)),
        first.touchpoint ? fact(t().headline.touchpoint, given(first.touchpoint)) : null,
        fact(t().headline.trend, volume.weeks.length ? verdictChip(first.trend.verdict) : t().problems.noDates),
        fact(t().headline.rank, t().headline.rankValue(percent(first.rank_certainty))),
      ),
      h("button.outline.listen", { type: "button", click: () => open(first.problem_id) }, icon("quote"), t().headline.listen(count(volume.customers_known ? first.customers : first.feedback), volume.customers_known)),
    ),
  );
}

function tile(name: string, chip: Child, main: Child, bar: Child, ...notes: Child[]): HTMLElement {
  return h("div.tile", {}, h("div.tile-head", {}, h("h2", {}, name), chip), h("div.tile-main", {}, main, bar), ...notes.map((note) => (note ? h("p.tile-note", {}, note) : null)));
}

function big(text: string, unit = "", title = ""): HTMLElement {
  return h("span.metric", { title: title || null }, text, unit ? h("small", {}, unit) : null);
}

function intervalNote(estimate: Estimate, bounds: string): string {
  return `${t().common.interval(bounds)}${t().common.dot}n=${count(estimate.n)}`;
}

function shareTile(name: string, estimate: Estimate, tone: string, note: Child): HTMLElement {
  if (estimate.value === null) return tile(name, null, h("span.metric.none", {}, t().common.tooFew(exact(estimate.n))), null, note);
  const [digits, unit] = percent(estimate.value).split("%") as [string, string];
  return tile(name, null, big(digits, `%${unit}`), intervalBar(estimate, 0, 1, tone), intervalNote(estimate, percentRange(estimate)), note);
}

function scoreTile(findings: Findings): HTMLElement {
  const { score } = findings;
  if (!score) return tile(t().tiles.noScore, null, h("span.metric.none", {}, "—"), null, t().tiles.noScoreText);
  const name = score.metric === "nps" ? t().tiles.nps : t().tiles.rating;
  if (score.value.value === null) return tile(name, null, h("span.metric.none", {}, t().common.tooFew(exact(score.value.n))), null);
  const digits = score.metric === "nps" ? 1 : 2;
  const [low, high] = score.metric === "nps" ? [-100, 100] : [0, score.scale_max];
  const unit = score.metric === "nps" ? "" : t().tiles.outOf(fixed(score.scale_max, 0));
  return tile(name, null, big(fixed(score.value.value, digits), unit), intervalBar(score.value, low, high), intervalNote(score.value, interval(score.value, digits)), scoreSpread(score.distribution));
}

/** The whole distribution in one line of bars: a mean alone hides two camps. */
function scoreSpread(distribution: [number, number][]): Child {
  if (distribution.length < 2) return null;
  const most = Math.max(...distribution.map(([, size]) => size));
  return h("span.spread", {}, ...distribution.map(([at, size]) => {
    const bar = h("i", { title: `${at}: ${exact(size)}` });
    bar.style.height = `${Math.max(1, (size / most) * 14)}px`;
    return bar;
  }), h("span.spread-ends", {}, `${distribution[0]?.[0]}–${distribution.at(-1)?.[0]}`));
}

function tiles(findings: Findings): HTMLElement {
  const { volume, sentiment, coverage } = findings;
  const size = count(volume.kept);
  const people = volume.customers_known ? t().tiles.customers(count(volume.customers)) : t().tiles.noCustomers;
  return h(
    "section.tiles",
    {},
    tile(
      t().tiles.volume,
      null,
      big(size, t().tiles.unit, exact(volume.kept)),
      null,
      [people, rangeText(findings) || t().tiles.noDates].join(t().common.dot),
      t().tiles.dropped(count(volume.duplicates), count(volume.rejected)),
    ),
    shareTile(t().tiles.negative, sentiment.negative, "harm", t().tiles.others(share(sentiment.neutral), share(sentiment.positive))),
    scoreTile(findings),
    shareTile(t().tiles.coverage, coverage.feedback_placed, "", t().tiles.coverageText(share(coverage.negative_placed))),
  );
}

function share(estimate: Estimate): string {
  return estimate.value === null ? "—" : percent(estimate.value);
}

function topRow(findings: Findings, problem: Problem, open: OpenProblem): HTMLElement {
  const columns = columnsOf(findings);
  return h(
    "tr",
    { click: () => open(problem.problem_id) },
    h("td.rank", {}, String(problem.rank)),
    h("td.name", {}, h("button.row-open", { type: "button" }, given(label(problem.name))), problem.parent ? given(label(problem.parent), "span.scope") : null),
    h("td.figure.two", {}, h("b", {}, value(problem.frequency, columns.frequencyDigits)), h("small", {}, crowd(findings, findings.volume.customers_known ? problem.customers : problem.feedback))),
    h("td.only-print.figure", {}, value(problem.intensity, 2)),
    columns.hasHarm ? h("td.only-print.figure", {}, problem.harm ? harmValue(problem.harm, columns.harmDigits) : "—") : null,
    h("td.weekly", {}, findings.volume.weeks.length ? spark(problem.trend) : "—"),
    h("td.owner-cell", {}, ownerChip(problem.owner)),
    h("td.state", {}, findings.volume.weeks.length ? verdictChip(problem.trend.verdict) : h("span.quiet", {}, t().problems.noDates)),
  );
}

function topFive(findings: Findings, open: OpenProblem, all: () => void): HTMLElement {
  const rows = findings.problems.slice(0, 5);
  const { hasHarm } = columnsOf(findings);
  const formula = [t().problems.columns.frequency, t().problems.columns.intensity, ...(hasHarm ? [t().problems.columns.harm] : [])].join(" × ");
  const heading = h(
    "div.heading",
    {},
    h("h2", {}, findings.problems.length >= 5 ? t().top.title : t().top.titleFewer),
    rows.length ? h("span.note", {}, formula) : null,
    rows.length ? h("button.link.push", { type: "button", click: all }, t().top.all(exact(findings.problems.length)), icon("right")) : null,
  );
  if (!rows.length) return h("section.top-five", {}, heading, h("p.empty", {}, t().top.empty));
  const head = h(
    "tr",
    {},
    h("th", { scope: "col" }, t().top.rank),
    h("th", { scope: "col" }, t().top.problem),
    h("th.figure", { scope: "col" }, perThousand(findings)),
    h("th.only-print.figure", { scope: "col" }, t().problems.columns.intensity),
    hasHarm ? h("th.only-print.figure", { scope: "col" }, t().problems.columns.harm) : null,
    h("th.weekly", { scope: "col" }, t().top.weekly),
    h("th.owner-cell", { scope: "col" }, t().top.owner),
    h("th.state", { scope: "col" }, t().top.trend),
  );
  return h("section.top-five", {}, heading, h("table.rows", {}, h("thead", {}, head), h("tbody", {}, ...rows.map((p) => topRow(findings, p, open)))));
}

const MOST_CHANGES = 5;

function changes(findings: Findings, open: OpenProblem, all: () => void): HTMLElement {
  const heading = h("div.heading", {}, h("h2", {}, t().changes.title), h("span.note", {}, t().changes.note));
  if (!findings.volume.weeks.length) return h("section.changes", {}, heading, h("p.empty", {}, t().changes.noDates));
  if (!findings.changes.length) {
    const judged = findings.problems.some((problem) => problem.trend.verdict !== "unknown");
    const [title, text] = judged ? [t().changes.empty, t().changes.emptyText] : [t().changes.tooFew, t().changes.tooFewText];
    return h("section.changes", {}, heading, h("p.empty", {}, h("b", {}, title), text));
  }
  const items = findings.changes.slice(0, MOST_CHANGES).map((change) => {
    const bounds = changeSize(change.ratio)?.interval;
    return h(
      "li",
      {},
      h(`span.sign.${change.verdict === "up" ? "harm" : "good"}`, {}, icon(change.verdict)),
      h(
        "div",
        {},
        h("button.row-open", { type: "button", click: () => open(change.problem_id) }, given(label(change.name))),
        h("p.quiet", {}, t().changes.since(day(change.since)), t().common.dot, h("span.nowrap", {}, t().changes.from(fixed(change.before, 1), fixed(change.after, 1)))),
      ),
      h(`span.chip.${change.verdict === "up" ? "harm" : "good"}`, { title: bounds ? t().common.interval(bounds) : null }, changePhrase(change.verdict, change.ratio)),
    );
  });
  const rest = findings.changes.length - items.length;
  return h("section.changes", {}, heading, h("ul", {}, ...items), rest > 0 ? h("button.link", { type: "button", click: all }, t().changes.rest(rest)) : null);
}

export function overview(findings: Findings, open: OpenProblem, all: (sort?: string) => void): HTMLElement {
  const volume = volumeChart(findings);
  const score = findings.score ? scoreChart(findings.score) : null;
  return h(
    "section.part",
    { id: "overview", "aria-label": t().sections.overview },
    findings.partial ? h("p.partial", { role: "status" }, icon("warn"), t().headline.partial) : null,
    headline(findings, open),
    tiles(findings),
    h(
      "div.split",
      {},
      h("div.split-main", {}, topFive(findings, open, () => all()), h("div.weekly-volume", {}, volume ?? h("p.empty", {}, t().volume.noDates))),
      h("div.split-side", {}, changes(findings, open, () => all("trend")), score ? h("div.weekly-score", {}, score) : null),
    ),
    ...printFoot(findings),
  );
}

/** Page 1 of the print stands alone: one voice and the basis close it. */
function printFoot(findings: Findings): HTMLElement[] {
  const { volume } = findings;
  const voices = findings.problems[0]?.evidence ?? [];
  const quote = spoken(voices.slice(1)) ?? spoken(voices);
  const dropped = count(volume.duplicates + volume.rejected);
  const lines = [
    t().basis.foot(exact(volume.kept), volume.customers_known ? exact(volume.customers) : "", dropped, exact(findings.replicates)),
    t().basis.stamp(findings.generated_at.slice(0, 16).replace("T", " "), findings.checksum.slice(0, 12)),
  ];
  return [
    ...(quote ? [h("div.only-print.one-voice", {}, quoteFigure(quote, false))] : []),
    h("footer.only-print.page-foot", {}, ...lines.map((line) => h("p", {}, ...(rich([line]) as Child[])))),
  ];
}


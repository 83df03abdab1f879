import "./trust";
import "./styles/report.css";

import { release } from "./charts/canvas";
import type { Findings } from "./contract";
import { given, h } from "./dom";
import { useLocale, yearOf } from "./format";
import { brandMark, icon } from "./icons";
import { t, useLanguage } from "./language";
import { basisSection } from "./basis";
import { overview } from "./overview";
import { preparePrint } from "./print";
import { praisedSection, stepsSection, unplacedSection } from "./sections";
import { readState, writeState, type Language } from "./state";
import { problemsSection, ProblemTable } from "./table";

const SECTIONS = ["overview", "problems", "steps", "praised", "unplaced", "basis"] as const;

const findings = JSON.parse(document.getElementById("findings")?.textContent ?? "null") as Findings;
const root = document.getElementById("report") as HTMLElement;
let table: ProblemTable | null = null;

function show(section: string): void {
  writeState({ section });
  document.getElementById(section)?.scrollIntoView({ block: "start" });
}

function openProblem(id: string): void {
  if (table) table.open(id, true);
}

function languageSwitch(lang: Language): HTMLElement {
  const option = (key: Language, text: string): HTMLElement =>
    h("button", { type: "button", lang: key === "zh" ? "zh-Hans" : "en", "aria-pressed": String(key === lang), "data-lang": key, click: () => switchTo(key) }, text);
  return h("div.language", { role: "group", "aria-label": t().page.language }, option("zh", "中"), option("en", "EN"));
}

function switchTo(lang: Language): void {
  const top = scrollY;
  writeState({ lang });
  draw();
  scrollTo(0, top);
  document.querySelector<HTMLElement>(`[data-lang="${lang}"]`)?.focus({ preventScroll: true });
}

function masthead(lang: Language): HTMLElement {
  const link = (id: (typeof SECTIONS)[number]): HTMLElement =>
    h("a", { href: `#s=${id}`, click: (event: Event) => { event.preventDefault(); show(id); } }, t().sections[id]);
  return h(
    "header.masthead",
    {},
    h("div.brand", {}, brandMark(), h("span.brand-name", {}, t().page.product), h("span.brand-file", {}, given(findings.title))),
    h("nav", { "aria-label": t().page.menu }, ...SECTIONS.map(link)),
    h("div.masthead-end", {}, languageSwitch(lang), h("button.outline.small", { type: "button", click: () => print() }, icon("print"), t().page.print)),
  );
}

/** Draws the whole page in the language of the address, then opens what the address names. */
function draw(): void {
  const state = readState();
  useLanguage(state.lang);
  useLocale(state.lang, yearOf(findings.volume.last_day));
  document.documentElement.lang = state.lang === "zh" ? "zh-Hans" : "en";
  release(root);
  table = findings.problems.length ? new ProblemTable(findings) : null;
  root.replaceChildren(
    masthead(state.lang),
    h(
      "main.page",
      {},
      overview(findings, openProblem, (sort) => {
        if (sort && readState().sort !== sort) table?.sortBy(sort);
        show("problems");
      }),
      problemsSection(findings, table),
      stepsSection(findings, openProblem),
      praisedSection(findings),
      unplacedSection(findings),
      basisSection(findings),
    ),
  );
  if (state.problem) table?.open(state.problem, true);
  else if (state.section && state.section !== "overview") document.getElementById(state.section)?.scrollIntoView();
}

function keyPressed(event: KeyboardEvent): void {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = (event.target as HTMLElement).closest("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) (event.target as HTMLElement).blur();
    else table?.close(true);
    return;
  }
  if (typing || !table) return;
  if (event.key === "/") {
    event.preventDefault();
    table.focusFilter();
  } else if (event.key === "j") table.move(1);
  else if (event.key === "k") table.move(-1);
}

addEventListener("keydown", keyPressed);
addEventListener("hashchange", draw);
preparePrint(findings, root);
// Axis labels are measured when they are drawn, so the font must be there first; it is inlined and never far.
document.fonts.load('13px "Inter Variable"').then(draw, draw);

// Paper has no row to open: the first problems are laid out in full behind the list, only while printing.

import type { Findings } from "./contract";
import { release } from "./charts/canvas";
import { h } from "./dom";
import { problemDetail } from "./problem";

const PRINTED_PROBLEMS = 5;
const CHART_WIDTH = 316;

export function preparePrint(findings: Findings, root: HTMLElement): void {
  let sheets: HTMLElement | null = null;
  addEventListener("beforeprint", () => {
    if (sheets) return;
    const details = findings.problems
      .slice(0, PRINTED_PROBLEMS)
      .map((problem) => problemDetail(findings, problem, null, { fixedWidth: CHART_WIDTH, mostQuotes: 10 }));
    sheets = h("div.only-print.sheets", {}, ...details);
    root.querySelector("#problems")?.after(sheets);
  });
  addEventListener("afterprint", () => {
    if (sheets) {
      release(sheets);
      sheets.remove();
    }
    sheets = null;
  });
}

// The frame around every large chart: heading, drawing with its sentence, and the same figures as a table.

import { given, h, type Child } from "../dom";
import { label, language, t } from "../language";
import type { Name } from "../contract";

export type Cell = string | Name;

export interface Table {
  head: string[];
  rows: Cell[][];
}

export function cellNode(cell: Cell): Child {
  return typeof cell === "string" ? cell : given(label(cell));
}

function csv(table: Table): string {
  const text = (cell: Cell): string => {
    const raw = typeof cell === "string" ? cell : label(cell);
    // A spreadsheet would run a cell that begins like a formula.
    const safe = typeof cell !== "string" && /^[=+\-@\t\r]/.test(raw) ? `'${raw}` : raw;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  return `\ufeff${[table.head, ...table.rows].map((row) => row.map(text).join(",")).join("\r\n")}\r\n`;
}

function save(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  const link = h("a", { href: url, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function dataTable(table: Table, name: string): HTMLElement {
  return h(
    "details.data",
    {},
    h("summary", {}, t().common.data),
    h(
      "div.data-scroll",
      { tabindex: 0, role: "region", "aria-label": t().common.data },
      h(
        "table.data-table",
        { lang: language() === "zh" ? "zh-Hans" : "en" },
        h("thead", {}, h("tr", {}, ...table.head.map((cell, i) => h(i ? "th.figure" : "th", { scope: "col" }, cell)))),
        h(
          "tbody",
          {},
          ...table.rows.map((row) =>
            h("tr", {}, ...row.map((cell, i) => (i ? h("td.figure", {}, cellNode(cell)) : h("th", { scope: "row" }, cellNode(cell))))),
          ),
        ),
      ),
    ),
    h("button.link.small", { type: "button", click: () => save(name, csv(table)) }, t().common.download),
  );
}

export interface FigureParts {
  title: Child;
  note?: Child;
  /** What the chart shows, in a sentence on the page. */
  conclusion?: string;
  drawing: HTMLElement;
  sentence: string;
  table: Table;
  file: string;
}

export function chartFigure(parts: FigureParts): HTMLElement {
  parts.drawing.setAttribute("role", "img");
  parts.drawing.setAttribute("aria-label", parts.sentence);
  return h(
    "section.figure-block",
    {},
    h("div.heading", {}, h("h3", {}, parts.title), parts.note ? h("span.note", {}, parts.note) : null),
    parts.conclusion ? h("p.figure-conclusion", {}, parts.conclusion) : null,
    parts.drawing,
    dataTable(parts.table, parts.file),
  );
}

import { svg } from "./dom";

// Outlines drawn for this page on a 16 px grid, stroke 1.5, in the colour of the text beside them.
const PATHS: Record<string, string> = {
  up: "M4 12 12 4M6 4h6v6",
  down: "M4 4l8 8M12 6v6H6",
  flat: "M3.5 6h9M3.5 10h9",
  unknown: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  right: "M3 8h10M9 4l4 4-4 4",
  open: "M4 6l4 4 4-4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5 14 14",
  print: "M4.5 6V2.5h7V6M4.5 11.5H3A1.5 1.5 0 0 1 1.5 10V7.5A1.5 1.5 0 0 1 3 6h10a1.5 1.5 0 0 1 1.5 1.5V10a1.5 1.5 0 0 1-1.5 1.5h-1.5M4.5 9.5h7v4h-7z",
  quote: "M6 4.5C4 5 3 6.5 3 9v2.5h3.5V8H4.8M12.5 4.5c-2 .5-3 2-3 4.5v2.5H13V8h-1.7",
  close: "M4 4l8 8M12 4l-8 8",
  warn: "M8 2.5 14.5 13h-13zM8 6.5v3M8 11.2v.05",
};

export function icon(name: string): SVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", width: 16, height: 16, class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", {
      d: PATHS[name] ?? "",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": name === "unknown" ? 2.2 : 1.5,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
  );
}

/** The mark of Huiyin: a point and the two arcs of its echo. */
export function brandMark(): SVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", width: 24, height: 24, class: "brand-mark", "aria-hidden": "true" },
    svg("rect", { width: 24, height: 24, rx: 6, fill: "currentColor" }),
    svg("circle", { cx: 8.2, cy: 12, r: 2.1, class: "brand-ink" }),
    svg("path", { d: "M12 8.2a5.4 5.4 0 0 1 0 7.6M15 5.8a8.8 8.8 0 0 1 0 12.4", class: "brand-line" }),
  );
}

// A customer's own words: serif, isolated, the opinions marked inside the sentence, and one quiet line beneath.

import type { Mark, Quote } from "./contract";
import { given, h, spoken, svg, type Child } from "./dom";
import { day, exact, fixed } from "./format";
import { strengthWord } from "./estimates";
import { t } from "./language";

const FOLD_AT = 280;

interface Segment {
  start: number;
  end: number;
  mark: Mark | null;
}

/** Cuts the text at its marks. Marks that overlap one already kept are dropped, the problem's own mark first. */
function segments(length: number, marks: Mark[]): Segment[] {
  const kept: Mark[] = [];
  const order = [...marks].sort((a, b) => Number(b.primary) - Number(a.primary) || a.start - b.start);
  for (const mark of order) {
    const clipped = { ...mark, start: Math.max(0, mark.start), end: Math.min(length, mark.end) };
    if (clipped.start >= clipped.end) continue;
    if (kept.every((other) => clipped.end <= other.start || clipped.start >= other.end)) kept.push(clipped);
  }
  kept.sort((a, b) => a.start - b.start);
  const result: Segment[] = [];
  let at = 0;
  for (const mark of kept) {
    if (mark.start > at) result.push({ start: at, end: mark.start, mark: null });
    result.push({ start: mark.start, end: mark.end, mark });
    at = mark.end;
  }
  if (at < length) result.push({ start: at, end: length, mark: null });
  return result;
}

/** The part of a long text that is shown before 展开: its beginning, or the stretch around its own mark. */
function excerpt(length: number, marks: Mark[]): [number, number] {
  if (length <= FOLD_AT + 40) return [0, length];
  const own = marks.find((mark) => mark.primary) ?? marks[0];
  if (!own || own.end <= FOLD_AT) return [0, FOLD_AT];
  const start = Math.max(0, Math.min(own.start, length) - 60);
  return [start, Math.min(length, start + FOLD_AT)];
}

function markNode(text: string, mark: Mark): HTMLElement {
  const kind = mark.polarity < 0 ? "negative" : mark.polarity > 0 ? "positive" : "neutral";
  const hint = t().quote.mark(t().polarity[kind], strengthWord(mark.intensity));
  return h(`mark.${kind}${mark.primary ? ".own" : ""}`, {}, spoken(hint), text);
}

function words(points: string[], marks: Mark[], from: number, to: number): Child[] {
  return segments(points.length, marks)
    .map(({ start, end, mark }) => ({ start: Math.max(start, from), end: Math.min(end, to), mark }))
    .filter(({ start, end }) => start < end)
    .map(({ start, end, mark }) => {
      const text = points.slice(start, end).join("");
      return mark ? markNode(text, mark) : text;
    });
}

export function intensityBars(intensity: number): SVGElement {
  const lit = Math.max(1, Math.min(5, Math.ceil(intensity * 5)));
  const title = t().quote.intensity(strengthWord(intensity));
  return svg(
    "svg",
    { viewBox: "0 0 23 12", width: 23, height: 12, class: "intensity", role: "img", "aria-label": title },
    svg("title", {}, title),
    ...[0, 1, 2, 3, 4].map((i) =>
      svg("rect", { x: i * 5, y: 8 - i * 2, width: 3, height: 4 + i * 2, rx: 1, class: i < lit ? "lit" : "unlit" }),
    ),
  );
}

function scoreText(quote: Quote): string | null {
  if (quote.rating === null) return null;
  const shown = fixed(quote.rating, Number.isInteger(quote.rating) ? 0 : 1);
  return quote.scale_max === null ? t().quote.scoreOnly(shown) : t().quote.score(shown, fixed(quote.scale_max, 0));
}

function quietLine(quote: Quote, showIntensity: boolean): HTMLElement {
  const places = [quote.product, quote.region, quote.channel].filter((x): x is string => Boolean(x));
  const facts: Child[] = places.flatMap((text, i) => [i ? t().common.dot : "", given(text)]);
  const right = [scoreText(quote), quote.occurred_on ? day(quote.occurred_on) : null].filter(Boolean).join(t().common.dot);
  return h(
    "figcaption.voice-line",
    {},
    showIntensity ? intensityBars(quote.intensity) : null,
    h("span.voice-place", {}, ...facts),
    h("span.voice-when", { title: quote.feedback_id }, right),
  );
}

export function quoteFigure(quote: Quote, showIntensity = true): HTMLElement {
  const points = Array.from(quote.text);
  const [from, to] = excerpt(points.length, quote.marks);
  const whole = from === 0 && to === points.length;
  const voice = h("bdi.voice-text", { "data-given": true, dir: "auto" });
  let open = false;
  const draw = (): void => {
    const inside = open ? words(points, quote.marks, 0, points.length) : words(points, quote.marks, from, to);
    if (!open && from > 0) inside.unshift("…");
    if (!open && to < points.length) inside.push("…");
    voice.replaceChildren(...inside.map((x) => (x instanceof Node ? x : document.createTextNode(String(x)))));
  };
  draw();
  const button = whole
    ? null
    : h("button.link.small", {
        type: "button",
        "aria-expanded": "false",
        click: (event: Event) => {
          open = !open;
          draw();
          const pressed = event.currentTarget as HTMLElement;
          pressed.setAttribute("aria-expanded", String(open));
          pressed.textContent = open ? t().quote.fold : t().quote.unfold(exact(points.length));
        },
      }, t().quote.unfold(exact(points.length)));
  return h(
    `figure.voice${/\p{Script=Han}|[\u3040-\u30ff\uac00-\ud7af]/u.test(quote.text) ? "" : ".latin"}`,
    {},
    h("blockquote", {}, h("p", {}, t().quote.open, voice, t().quote.close), button),
    quietLine(quote, showIntensity),
    quote.folded > 0 ? h("p.voice-folded", {}, t().quote.folded(exact(quote.folded))) : null,
  );
}

/** A list that shows `first` quotes and the rest at one press. */
export function quoteWall(quotes: Quote[], first: number, columns: string): HTMLElement {
  const wall = h(`div.wall.${columns}`);
  const rest = quotes.slice(first);
  wall.append(...quotes.slice(0, first).map((quote) => quoteFigure(quote)));
  if (!rest.length) return wall;
  const hidden = h("div.wall-rest", { hidden: true }, ...rest.map((quote) => quoteFigure(quote)));
  const button = h("button.plain", {
    type: "button",
    "aria-expanded": "false",
    click: () => {
      hidden.hidden = !hidden.hidden;
      button.textContent = hidden.hidden ? t().common.more(rest.length) : t().common.less;
      button.setAttribute("aria-expanded", String(!hidden.hidden));
    },
  }, t().common.more(rest.length));
  wall.append(hidden);
  return h("div", {}, wall, button);
}

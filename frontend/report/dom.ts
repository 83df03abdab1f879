// Elements are built node by node; text only ever enters as text, so nothing a customer wrote can become markup.

export type Child = Node | string | number | null | undefined | false | Child[];
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** A run of words inside a sentence: `cls` gives its look, `given` says the words come from the data. */
export type Part = string | { text: string; cls?: string; given?: boolean; title?: string };

const SVG = "http://www.w3.org/2000/svg";

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
}

function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.appendChild(child);
    else element.appendChild(document.createTextNode(String(child)));
  }
}

/** `h("div.tile.wide", {title}, ...children)`; a function as an attribute listens for the event of that name. */
export function h(selector: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  fill(element, attributes, children);
  return element;
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/** Words from the data: isolated, so that a right-to-left override inside them ends with them. */
export function given(text: string, selector = "bdi"): HTMLElement {
  return h(selector, { "data-given": true, dir: "auto" }, text);
}

export function rich(parts: Part[]): Child[] {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    if (part.given) {
      const node = given(part.text);
      if (part.cls) node.className = part.cls;
      return node;
    }
    return h("span", { class: part.cls ?? null, title: part.title ?? null }, part.text);
  });
}

export function plain(parts: Part[]): string {
  return parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
}

/** Spoken by a screen reader, not drawn and not copied. */
export function spoken(text: string): HTMLElement {
  return h("span.spoken", {}, text);
}

// A person's own board: pieces are dragged, or moved by their menu or Alt and an arrow; full screen; a drawing saved as a picture.

import Sortable from "sortablejs";

const order = (grid: HTMLElement): string[] => [...grid.querySelectorAll<HTMLElement>("[data-widget]")].map((one) => one.dataset["widget"] ?? "");

function keep(grid: HTMLElement): void {
  const address = grid.dataset["arrange"];
  const token = grid.dataset["token"];
  if (!address || !token) return;
  const body = new URLSearchParams();
  for (const one of order(grid)) body.append("widget", one);
  void fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
}

function move(widget: HTMLElement, by: number): void {
  const grid = widget.closest<HTMLElement>("[data-arrange]");
  const beside = by < 0 ? widget.previousElementSibling : widget.nextElementSibling;
  if (!grid || !beside) return;
  if (by < 0) beside.before(widget);
  else beside.after(widget);
  widget.focus();
  keep(grid);
}

const TOKENS = ["ink-1", "ink-2", "ink-3", "ink-4", "line", "line-2", "band", "surface", "moved", "good", "waiting", "harm"];

function picture(widget: HTMLElement): void {
  const drawing = widget.querySelector<SVGSVGElement>(".chart-place svg, svg.split, .dots svg");
  if (!drawing) return;
  const { width, height } = drawing.getBoundingClientRect();
  // A picture has no page around it: the page's colours are written into it.
  const style = getComputedStyle(document.documentElement);
  let source = new XMLSerializer().serializeToString(drawing);
  for (const name of TOKENS) source = source.replaceAll(`var(--hy-${name})`, style.getPropertyValue(`--hy-${name}`).trim());
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = width * 2;
    canvas.height = height * 2;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.fillStyle = style.getPropertyValue("--hy-surface").trim();
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(2, 2);
    context.drawImage(image, 0, 0, width, height);
    const link = document.createElement("a");
    link.download = `${widget.dataset["name"] ?? "huiyin"}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
}

export function boards(): void {
  const grid = document.querySelector<HTMLElement>("[data-arrange]");
  if (grid?.dataset["token"]) Sortable.create(grid, { handle: "[data-handle]", animation: 120, onEnd: () => keep(grid) });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>("[data-move], [data-picture], [data-full]");
    if (!button) return;
    const widget = button.closest<HTMLElement>("[data-widget]");
    if (button.dataset["move"] && widget) move(widget, Number(button.dataset["move"]));
    if (button.dataset["picture"] !== undefined && widget) picture(widget);
    if (button.dataset["full"] !== undefined) void document.querySelector(".board")?.requestFullscreen();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.isComposing || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const widget = document.activeElement?.closest<HTMLElement>("[data-arrange] [data-widget]");
    if (!widget) return;
    event.preventDefault();
    move(widget, event.key === "ArrowUp" ? -1 : 1);
  });
}

// A person's own board: pieces are dragged, or moved by their menu or Alt and an arrow; full screen.

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

export function boards(): void {
  const grid = document.querySelector<HTMLElement>("[data-arrange]");
  if (grid?.dataset["token"]) Sortable.create(grid, { handle: "[data-handle]", animation: 120, onEnd: () => keep(grid) });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>("[data-move], [data-full]");
    if (!button) return;
    const widget = button.closest<HTMLElement>("[data-widget]");
    if (button.dataset["move"] && widget) move(widget, Number(button.dataset["move"]));
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

// The tree of the taxonomy's draft: a row is dragged before, after or into another; Alt and an arrow move the one in focus.

import type htmx from "htmx.org";

type Where = "before" | "after" | "inside";

function row(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tree] tr[data-node]") : null;
}

function where(over: HTMLElement, y: number): Where {
  const { top, height } = over.getBoundingClientRect();
  const share = (y - top) / height;
  return share < 0.3 ? "before" : share > 0.7 ? "after" : "inside";
}

export function arranging(hx: typeof htmx): void {
  let held: HTMLElement | null = null;
  let over: HTMLElement | null = null;

  const clear = (): void => {
    over?.classList.remove("before", "after", "inside");
    over = null;
  };
  const send = (node: HTMLElement, values: Record<string, string>): void => {
    const address = node.dataset["move"];
    if (address) void hx.ajax("post", address, { target: "#draft", swap: "innerHTML", values });
  };

  document.addEventListener("dragstart", (event) => {
    held = row(event.target);
    if (!held || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset["node"] ?? "");
    held.classList.add("held");
  });
  document.addEventListener("dragover", (event) => {
    const found = row(event.target);
    if (!held || !found || found === held) return;
    event.preventDefault();
    clear();
    over = found;
    over.classList.add(where(over, event.clientY));
  });
  document.addEventListener("drop", (event) => {
    const found = row(event.target);
    if (!held || !found || found === held) return;
    event.preventDefault();
    const place = where(found, event.clientY);
    const beside = found.dataset["node"] ?? "";
    send(held, place === "inside" ? { parent: beside } : { beside, where: place });
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("held");
    held = null;
    clear();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.isComposing || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const node = row(document.activeElement);
    if (!node) return;
    event.preventDefault();
    send(node, { by: event.key === "ArrowUp" ? "-1" : "1" });
  });
}

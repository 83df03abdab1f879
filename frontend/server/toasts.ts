// Toasts: one line at the bottom left. What went wrong stays until it is closed; the rest goes after 8 seconds.

import htmx from "htmx.org";

const STAY = 8000;

export function toast(text: string, undo = "", wrong = false): void {
  const stack = document.getElementById("toasts");
  if (!stack) return;
  const line = document.createElement("div");
  line.className = wrong ? "toast wrong" : "toast";
  line.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = stack.dataset["undo"] ?? "";
    button.addEventListener("click", () => {
      line.remove();
      void htmx.ajax("post", undo, { swap: "none" });
    });
    line.append(button);
  }
  stack.append(line);
  retire(line, wrong);
}

function retire(line: HTMLElement, wrong = false): void {
  line.addEventListener("click", () => line.remove());
  if (!wrong) setTimeout(() => line.remove(), STAY);
}

export function toasts(): void {
  const words = (name: string): string => document.getElementById("toasts")?.dataset[name] ?? "";
  for (const line of document.querySelectorAll<HTMLElement>("[data-toast]")) retire(line);
  document.body.addEventListener("toast", (event) => {
    const { text, undo } = (event as CustomEvent<{ text: string; undo?: string }>).detail;
    toast(text, undo);
  });
  document.body.addEventListener("htmx:sendError", () => toast(words("failed"), "", true));
  document.body.addEventListener("htmx:responseError", (event) => {
    const status = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status;
    toast(words(status === 401 || status === 403 ? "late" : "refused"), "", true);
  });
}

// data-copy="#field" copies what the field holds; without the clipboard (plain http) it selects it instead.

import { toast } from "./toasts";

export function copying(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    const field = button && document.querySelector<HTMLInputElement>(button.dataset["copy"] ?? "");
    if (!field) return;
    field.select();
    void navigator.clipboard?.writeText(field.value).then(() => toast(document.getElementById("toasts")?.dataset["copied"] ?? ""));
  });
}

// Checking by keys: Enter, 1–3, X, S, Z press the button that carries the key; any other letter begins the search for an aspect.

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function narrow(search: HTMLInputElement, list: HTMLSelectElement): void {
  const words = search.value.trim().toLowerCase();
  let first: HTMLOptionElement | null = null;
  const found = (option: HTMLOptionElement): boolean =>
    `${option.textContent ?? ""} ${option.dataset["words"] ?? ""}`.toLowerCase().includes(words);
  // Words that fit nothing leave the list as it is: nothing is chosen by mistake.
  const none = words !== "" && ![...list.options].some(found);
  search.setAttribute("aria-invalid", String(none));
  for (const option of list.options) {
    const fits = !words || none || found(option);
    option.hidden = !fits;
    if (fits && words && !none && !first && option.value) first = option;
  }
  list.size = words && !none ? Math.min(6, Math.max(2, [...list.options].filter((one) => !one.hidden).length)) : 1;
  if (first) first.selected = true;
}

function move(list: HTMLSelectElement, step: number): void {
  const shown = [...list.options].filter((one) => !one.hidden);
  const at = shown.findIndex((one) => one.selected);
  const next = shown[(at + step + shown.length) % shown.length];
  if (next) next.selected = true;
}

export function reviewing(): void {
  const page = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-review]");
  const parts = (): [HTMLInputElement, HTMLSelectElement] | null => {
    const search = page()?.querySelector<HTMLInputElement>("[data-aspect-search]");
    const list = page()?.querySelector<HTMLSelectElement>("select[name=aspect]");
    return search && list ? [search, list] : null;
  };

  document.addEventListener("input", (event) => {
    const found = parts();
    if (found && event.target === found[0]) narrow(...found);
  });

  document.addEventListener("keydown", (event) => {
    if (!page() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = parts();
    if (found && event.target === found[0]) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") move(found[1], event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "Enter" || event.key === "Escape") {
        found[0].value = "";
        narrow(...found);
        found[0].blur();
      } else return;
      event.preventDefault();
      return;
    }
    if (typing(event.target)) return;
    // Enter on a button or a link that has the focus means that one.
    if (event.key === "Enter" && event.target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
    const button = page()?.querySelector<HTMLButtonElement>(`[data-key="${CSS.escape(event.key.length === 1 ? event.key.toLowerCase() : event.key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    } else if (found && /^[a-z]$/i.test(event.key)) {
      found[0].focus();
    }
  });
}

// Ctrl K: go to a page by typing part of its name. "/" puts the cursor into the search of the page.

export function jumping(): void {
  const dialog = document.getElementById("jump");
  const field = dialog?.querySelector<HTMLInputElement>("[data-jump]");
  if (!(dialog instanceof HTMLDialogElement) || !field) return;
  const rows = [...dialog.querySelectorAll<HTMLElement>(".jump-list li")];
  const none = dialog.querySelector<HTMLElement>(".jump-none");
  let at = 0;

  const shown = (): HTMLElement[] => rows.filter((row) => !row.hidden);
  const mark = (to: number): void => {
    const now = shown();
    at = now.length ? (to + now.length) % now.length : 0;
    rows.forEach((row) => row.firstElementChild?.classList.toggle("now", row === now[at]));
    now[at]?.scrollIntoView({ block: "nearest" });
  };
  const filter = (): void => {
    const words = field.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !(row.textContent ?? "").toLowerCase().includes(words);
    if (none) none.hidden = shown().length > 0;
    mark(0);
  };
  const open = (): void => {
    if (dialog.open) return;
    field.value = "";
    filter();
    dialog.showModal();
    field.focus();
  };

  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      shown()[at]?.querySelector("a")?.click();
    }
  });
  dialog.addEventListener("toggle", () => dialog.open && filter());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
    const target = event.target as HTMLElement;
    const typing = event.isComposing || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const search = document.querySelector<HTMLInputElement>("main input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
}

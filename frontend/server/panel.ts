// A mark opens its voices in a panel at the right; Esc closes it and gives the focus back. With a modifier key it opens as a page.

import type htmx from "htmx.org";

export function panel(hx: typeof htmx): void {
  let from: HTMLElement | null = null;
  const place = (): HTMLElement | null => document.getElementById("side-voices");
  const close = (): void => {
    const shown = place();
    if (!shown || shown.hidden) return;
    shown.hidden = true;
    shown.replaceChildren();
    from?.focus();
    from = null;
  };
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-panel-close]")) return close();
    const link = event.target.closest<HTMLAnchorElement>("a[data-voices]");
    const shown = place();
    if (!link || !shown || event.ctrlKey || event.metaKey || event.shiftKey || window.innerWidth < 761) return;
    const address = new URL(link.href);
    if (!address.pathname.startsWith("/voices/")) return;
    event.preventDefault();
    from = link;
    shown.hidden = false;
    void hx.ajax("get", `/boards/voices/${address.search}`, { target: "#side-voices", swap: "innerHTML" }).then(() => shown.focus());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close();
  });
}

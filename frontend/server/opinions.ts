// Opinions inside a text: pressing one fetches its form and hangs it on the words. 1–4 go to its fields, O shows and hides the marks.

import type htmx from "htmx.org";

const FIELDS = ["[name=aspect]", "[name=polarity]:checked", "[name=intensity]:checked", "[name=intent]"];

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function hang(form: HTMLElement, words: Element): void {
  const place = words.getClientRects()[0] ?? words.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = form;
  const left = Math.max(12, Math.min(place.left, innerWidth - width - 12));
  const below = place.bottom + 8;
  form.style.left = `${left}px`;
  form.style.top = `${below + height < innerHeight - 12 ? below : Math.max(12, place.top - height - 8)}px`;
}

export function opinions(hx: typeof htmx): void {
  let words: HTMLElement | null = null;

  const open = (mark: HTMLElement): void => {
    const form = document.querySelector<HTMLElement>("[data-opinion-form]");
    const address = mark.dataset["opinion"];
    if (!form || !address) return;
    words?.removeAttribute("aria-expanded");
    words = mark;
    void hx.ajax("get", address, { target: form, swap: "innerHTML" }).then(() => {
      form.showPopover();
      mark.setAttribute("aria-expanded", "true");
      hang(form, mark);
      form.querySelector<HTMLElement>("select, input:checked")?.focus();
    });
  };

  document.addEventListener("click", (event) => {
    const mark = (event.target as Element).closest<HTMLElement>("mark[data-opinion]");
    if (mark) open(mark);
    const button = (event.target as Element).closest<HTMLElement>("[data-marks]");
    if (button) toggle();
  });

  const toggle = (): void => {
    const off = document.body.classList.toggle("marks-off");
    document.querySelector("[data-marks]")?.setAttribute("aria-pressed", String(!off));
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if ((event.key === "Enter" || event.key === " ") && target.matches("mark[data-opinion]")) {
      event.preventDefault();
      open(target);
      return;
    }
    const form = document.querySelector<HTMLElement>("[data-opinion-form]:popover-open");
    const at = Number(event.key) - 1;
    if (form && at in FIELDS && !(typing(target) && target instanceof HTMLInputElement && target.type === "text")) {
      event.preventDefault();
      form.querySelector<HTMLElement>(FIELDS[at] ?? "")?.focus();
      return;
    }
    if (typing(target)) return;
    if (event.key === "o" && document.querySelector("[data-marks]")) toggle();
    if (event.key === "/") {
      const search = document.querySelector<HTMLElement>("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // Saved: the row stands there anew, the form goes, and the focus returns to the row.
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target, requestConfig } = (event as CustomEvent).detail as { target: HTMLElement; requestConfig: { verb: string } };
    if (requestConfig.verb !== "post" || !target.matches(".voice")) return;
    document.querySelector<HTMLElement>("[data-opinion-form]:popover-open")?.hidePopover();
    document.getElementById(target.id)?.querySelector<HTMLElement>("mark[data-opinion]")?.focus();
  });
}

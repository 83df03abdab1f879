// data-when="choice" data-is="a b": shown only while that choice of the form holds one of these values. What is hidden is still sent.

export function depending(): void {
  const settle = (form: HTMLFormElement): void => {
    for (const part of form.querySelectorAll<HTMLElement>("[data-when]")) {
      const choice = form.elements.namedItem(part.dataset["when"] ?? "");
      const wrong = part.querySelector(".error") !== null;
      if (choice instanceof HTMLSelectElement) part.hidden = !wrong && !(part.dataset["is"] ?? "").split(" ").includes(choice.value);
    }
  };
  const all = (within: ParentNode): void => new Set([...within.querySelectorAll<HTMLElement>("[data-when]")].map((part) => part.closest("form"))).forEach((form) => form && settle(form));
  all(document);
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest("form");
    if (form) settle(form);
  });
  document.addEventListener("htmx:load", (event) => all(event.target as Element));
}

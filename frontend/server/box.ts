// The form behind a QR code: what was typed outlives a reload, a second tap sends nothing, and without a network it says so and waits.

const fieldsOf = (form: HTMLFormElement) =>
  [...form.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input[type=text], input[type=radio]")].filter((one) => one.name !== "website");

export function box(): void {
  const draft = `box ${location.pathname.replace(/thanks\/$/, "")}`;
  if (document.querySelector("[data-box-done]")) sessionStorage.removeItem(draft);
  const form = document.querySelector<HTMLFormElement>("form[data-box]");
  if (!form) return;
  const note = form.querySelector<HTMLElement>("[data-offline]");
  const button = form.querySelector<HTMLButtonElement>("button.primary");
  const words = button?.textContent ?? "";
  const ready = () => {
    if (note) note.hidden = navigator.onLine;
    if (!button) return;
    button.disabled = false;
    button.textContent = words;
  };
  restore(form, draft);
  form.addEventListener("input", () => {
    const kept = fieldsOf(form).filter((one) => one.type !== "radio" || (one as HTMLInputElement).checked);
    sessionStorage.setItem(draft, JSON.stringify(kept.map((one) => [one.name, one.value])));
  });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      ready();
      note?.scrollIntoView({ block: "center" });
    } else if (button?.disabled) {
      event.preventDefault();
    } else if (button) {
      button.disabled = true;
      button.textContent = button.dataset["sending"] ?? words;
    }
  });
  addEventListener("online", ready);
  addEventListener("offline", ready);
  // Coming back by the back key shows the page as it was left, with the button shut.
  addEventListener("pageshow", ready);
}

function restore(form: HTMLFormElement, draft: string): void {
  let kept: [string, string][] = [];
  try {
    kept = JSON.parse(sessionStorage.getItem(draft) ?? "[]");
  } catch {
    return;
  }
  for (const field of fieldsOf(form)) {
    const said = kept.find(([name]) => name === field.name)?.[1];
    if (said === undefined) continue;
    if (field.type === "radio") (field as HTMLInputElement).checked = field.value === said;
    else if (!field.value) field.value = said;
  }
}

// A name pressed in the list beside a comment is written into it where the cursor stands; a slider says its value while it moves.

export function mentioning(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-mention]");
    const field = button?.closest("form")?.querySelector("textarea");
    if (!button || !field) return;
    field.setRangeText(button.dataset["mention"] ?? "", field.selectionStart, field.selectionEnd, "end");
    button.closest("details")?.removeAttribute("open");
    field.focus();
  });
  document.addEventListener("input", (event) => {
    const slider = event.target as HTMLInputElement;
    if (slider.type !== "range") return;
    const said = slider.parentElement?.querySelector("output");
    if (said) said.textContent = String(Number(slider.value));
  });
}

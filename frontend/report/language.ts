import type { Name } from "./contract";
import type { Language } from "./state";
import { en } from "./strings/en";
import { zh, type Strings } from "./strings/zh";

let current: Language = "zh";

export function useLanguage(language: Language): void {
  current = language;
}

export function language(): Language {
  return current;
}

export function t(): Strings {
  return current === "en" ? en : zh;
}

/** A name from the data in the reader's language; the other one where this is empty. */
export function label(name: Name): string {
  return current === "en" ? name.en || name.zh : name.zh || name.en;
}

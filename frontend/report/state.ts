// What the reader is looking at lives in the address, so that a link or a reload brings back the same screen.

export type Language = "zh" | "en";

export interface State {
  lang: Language;
  problem: string | null;
  sort: string;
  descending: boolean;
  filter: string;
  section: string | null;
}

export function readState(): State {
  const hash = new URLSearchParams(location.hash.replace(/^#/, ""));
  const [sort, direction] = (hash.get("sort") ?? "rank").split(".");
  return {
    lang: hash.get("lang") === "en" ? "en" : "zh",
    problem: hash.get("p"),
    sort: sort || "rank",
    descending: direction === "desc",
    filter: hash.get("q") ?? "",
    section: hash.get("s"),
  };
}

/** Replaces the address without adding to the history and without asking the page to draw itself again. */
export function writeState(change: Partial<State>): State {
  const next = { ...readState(), ...change };
  const hash = new URLSearchParams();
  if (next.lang === "en") hash.set("lang", "en");
  if (next.problem) hash.set("p", next.problem);
  if (next.sort !== "rank" || next.descending) hash.set("sort", next.sort + (next.descending ? ".desc" : ""));
  if (next.filter) hash.set("q", next.filter);
  if (next.section && !next.problem) hash.set("s", next.section);
  history.replaceState(null, "", `#${hash}`);
  return next;
}

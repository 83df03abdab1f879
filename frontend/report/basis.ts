// The foot: what was read, what was left out, and how the figures are made, in plain words.

import type { Findings } from "./contract";
import { columnsOf } from "./estimates";
import { given, h, type Child } from "./dom";
import { dayRange, exact, moment } from "./format";
import { label, t } from "./language";
import { part } from "./sections";

function breakdown(title: string, rows: [string, number][], name: (key: string) => Child): HTMLElement | null {
  if (!rows.length) return null;
  const shown = rows.slice(0, 6);
  const rest = rows.slice(6);
  const items: Child[] = shown.map(([key, size]) => h("li", {}, name(key), h("span.figure", {}, exact(size))));
  if (rest.length) items.push(h("li.quiet", {}, h("span", {}, t().basis.other(rest.length)), h("span.figure", {}, exact(rest.reduce((sum, [, size]) => sum + size, 0)))));
  return h("section.breakdown", {}, h("h4", {}, title), h("ul", {}, ...items));
}

export function basisSection(findings: Findings): HTMLElement {
  const { volume } = findings;
  const words = t().basis;
  const { hasHarm } = columnsOf(findings);
  const fact = (name: string, content: Child): Child => [h("dt", {}, name), h("dd", {}, content)];
  const dates = volume.first_day && volume.last_day ? dayRange(volume.first_day, volume.last_day) : words.noDates;
  const terms = words.terms(volume.customers_known, exact(findings.minimum_customers), exact(findings.replicates));
  const languageName = (key: string): Child => words.language[key] ?? given(key);
  return part(
    "basis",
    t().sections.basis,
    words.note,
    h(
      "div.basis",
      {},
      h(
        "dl.facts.wide",
        {},
        fact(words.read, exact(volume.read)),
        fact(words.kept, exact(volume.kept)),
        fact(words.duplicates, exact(volume.duplicates)),
        fact(words.rejected, exact(volume.rejected)),
        fact(words.customers, volume.customers_known ? exact(volume.customers) : words.noCustomers),
        fact(words.mentions, exact(volume.mentions)),
        fact(words.range, dates),
        fact(words.taxonomy, [given(label(findings.taxonomy_name)), t().common.dot, given(findings.taxonomy, "code")]),
        fact(words.generated, h("time", { datetime: findings.generated_at, title: findings.generated_at }, moment(findings.generated_at))),
        fact(words.checksum, [given(findings.checksum, "code"), h("span.quiet", {}, ` ${words.same}`)]),
        findings.partial ? fact(h("span.harm", {}, "!") as unknown as string, h("span.harm", {}, words.partial)) : null,
      ),
      h(
        "section.method",
        {},
        h("h3", {}, words.method),
        h("p.formula", {}, words.formula(hasHarm)),
        h("dl.terms", {}, ...terms.filter(([name]) => hasHarm || name !== terms[2]?.[0]).map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)])),
        hasHarm ? null : h("p.quiet", {}, t().problem.noHarm),
      ),
      h(
        "div.breakdowns",
        {},
        breakdown(words.channels, volume.channels, (key) => given(key)),
        breakdown(words.products, volume.products, (key) => given(key)),
        breakdown(words.languages, volume.languages, languageName),
      ),
      findings.notes.length ? h("section.notes", {}, h("h4", {}, words.notes), h("ul", {}, ...findings.notes.map((note) => h("li", {}, given(note))))) : null,
    ),
  );
}

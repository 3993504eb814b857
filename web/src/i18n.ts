/** Translation of texts in scripts; the key is the English text, as in the templates. */

type Catalog = Record<string, string>;
let catalog: Catalog = {};

/** Loads the catalogue that the page names in `<html data-catalog>`; English pages name none. */
export async function loadCatalog(): Promise<void> {
  const url = document.documentElement.dataset["catalog"];
  if (url) catalog = (await (await fetch(url)).json()) as Catalog;
}

/** Text in the user's language; `{name}` is replaced by `values.name`. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  return (catalog[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Like `t`, choosing the singular for exactly one; `{n}` is the number. */
export function tn(one: string, many: string, n: number): string {
  return t(n === 1 ? one : many, { n });
}

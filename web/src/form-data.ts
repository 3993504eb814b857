/** From field names to JSON, as the server's form_to_payload does it: "lines[0].qty", empty fields left out. */

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Holder = { [name: string]: Json } & Json[];

/** Sets `value` at a path such as "lines[0].qty" or "denominations[20.00]". */
export function setPath(target: { [name: string]: Json }, path: string, value: Json): void {
  const keys = pathKeys(path);
  let holder = target as Holder;
  keys.slice(0, -1).forEach((key, index) => {
    holder[key as never] ??= (isIndex(keys[index + 1] ?? "") ? [] : {}) as never;
    holder = holder[key as never] as Holder;
  });
  holder[keys.at(-1) as never] = value as never;
}

/** "a[0].b" is ["a", "0", "b"]; a dot inside brackets belongs to the key. */
export function pathKeys(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

function isIndex(key: string): boolean {
  return /^\d+$/.test(key);
}

/**
 * The JSON body of a form; `data-type` of a field: text (default), int, bool, amount, percent (typed 8.25, sent 0.0825).
 * Empty fields are left out, or sent as null where `data-null` says that empty means "none".
 */
export function formPayload(form: HTMLFormElement, amount: (typed: string) => string | null): { [name: string]: Json } {
  const payload: { [name: string]: Json } = {};
  for (const field of form.elements) {
    const entry = field as HTMLInputElement;
    if (!entry.name || entry.disabled || skipped(entry)) continue;
    const value = fieldValue(entry, amount);
    if (value !== undefined) setPath(payload, entry.name, value);
  }
  return payload;
}

function skipped(field: HTMLInputElement): boolean {
  return (field.type === "radio" && !field.checked) || field.type === "submit" || field.type === "button";
}

function fieldValue(field: HTMLInputElement, amount: (typed: string) => string | null): Json | undefined {
  if (field.type === "checkbox") return field.dataset["type"] === "bool" || field.checked ? checked(field) : undefined;
  const typed = field.value.trim();
  if (typed === "") return "null" in field.dataset ? null : undefined;
  if (field.dataset["type"] === "int") return /^\d+$/.test(typed) ? Number(typed) : typed;
  if (field.dataset["type"] === "percent") return fraction(typed);
  return field.dataset["type"] === "amount" ? (amount(typed) ?? typed) : typed;
}

/** "8.25" percent is the fraction "0.0825", moved by text so that no digit is lost; other text is left for the server. */
export function fraction(typed: string): string {
  const match = /^(\d{1,3})(?:[.,](\d*))?\s*%?$/.exec(typed);
  if (!match) return typed;
  const digits = (match[1] ?? "").padStart(3, "0");
  return `${Number(digits.slice(0, -2))}.${digits.slice(-2)}${match[2] ?? ""}`;
}

function checked(field: HTMLInputElement): Json {
  return field.dataset["type"] === "bool" ? field.checked : field.value;
}

/** Money is a canonical decimal string on the wire and an integer of minor units in here; floats never hold it. */

const CANONICAL = /^-?\d{1,10}(\.\d+)?$/;

/** Minor units of a canonical amount. Throws RangeError for anything else, also for too many decimals. */
export function toMinor(amount: string, digits = 2): number {
  if (!CANONICAL.test(amount)) throw new RangeError(`not an amount: ${amount}`);
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  if (fraction.length > digits) throw new RangeError(`too many decimals: ${amount}`);
  const minor = Number(whole) * 10 ** digits + Number(fraction.padEnd(digits, "0") || "0");
  return negative && minor !== 0 ? -minor : minor;
}

/** Canonical amount of minor units: fromMinor(1250) is "12.50". */
export function fromMinor(minor: number, digits = 2): string {
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return minor < 0 ? `-${amount}` : amount;
}

/**
 * Canonical amount of what a person typed ("1,250.5", "12,50 €"), or null when it is no amount of this currency.
 * The other separator groups thousands only where it stands before three digits; else it is meant as the decimal sign,
 * so that "12,50" is never taken for 1250.
 */
export function readAmount(typed: string, digits = 2, decimal = decimalSign()): string | null {
  const group = decimal === "," ? "." : ",";
  const text = typed.replace(/[\s\p{Sc}']/gu, "").replace("−", "-");
  const plain = isGrouped(text, group, decimal) ? text.replaceAll(group, "") : text;
  const canonical = plain.replace(/[.,]/, ".").replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  try {
    return fromMinor(toMinor(canonical, digits), digits);
  } catch {
    return null;
  }
}

function isGrouped(text: string, group: string, decimal: string): boolean {
  const [whole = ""] = text.replace("-", "").split(decimal);
  return text.includes(group) && new RegExp(`^\\d{1,3}(\\${group}\\d{3})+$`).test(whole);
}

/** Amount for people (UX-11): currency by locale, a true minus, a dash when unknown. */
export function money(amount: string | null | undefined): string {
  if (amount === null || amount === undefined || amount === "") return "–";
  return formatter().format(amount as unknown as number).replace("-", "−");
}

/** Quantity for people: "2.000" is "2". */
export function quantity(qty: string | number): string {
  return String(qty).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace("-", "−");
}

/** Exact unit price × quantity in minor units, half away from zero (POS-05); quantity has at most three decimals. */
export function extend(unitPrice: string, qty: string, digits = 2): number {
  const product = BigInt(toMinor(unitPrice, digits)) * BigInt(toMinor(qty, 3));
  const half = product < 0n ? -500n : 500n;
  return Number((product + half) / 1000n);
}

/** What cash can pay of `due` where small coins are gone: the nearest multiple of `increment`, half up (POS-31). */
export function roundCash(due: number, increment: number): number {
  return increment > 1 ? Math.floor((due + increment / 2) / increment) * increment : due;
}

/** Cash amounts a customer is likely to hand over for `due`: the next multiple of each note, without `due` itself. */
export function quickAmounts(due: number, notes: readonly number[], count = 5): number[] {
  const next = notes.map((note) => Math.ceil(due / note) * note).filter((amount) => amount > due);
  return [...new Set(next)].sort((a, b) => a - b).slice(0, count);
}

export function currencyDigits(): number {
  return formatter().resolvedOptions().maximumFractionDigits ?? 2;
}

let cached: Intl.NumberFormat | undefined;
function formatter(): Intl.NumberFormat {
  cached ??= new Intl.NumberFormat(page()?.lang || "en-US", { style: "currency", currency: page()?.dataset["currency"] || "USD" });
  return cached;
}

function decimalSign(): string {
  return formatter().formatToParts(1.1).find((part) => part.type === "decimal")?.value ?? ".";
}

function page(): HTMLElement | undefined {
  return globalThis.document?.documentElement;
}

/** What the scan field understands besides text to search for; pure, the same on keyboards and tablets. */

export type Command =
  | { kind: "search"; text: string }
  | { kind: "next_qty"; qty: string; rest: string }
  | { kind: "set_qty"; qty: string }
  | { kind: "step"; by: 1 | -1 }
  | { kind: "discount"; scope: "line" | "cart"; type: "percent" | "amount"; value: string }
  | { kind: "override"; price: string }
  | { kind: "tile"; index: number }
  | { kind: "customer"; text: string }
  | { kind: "help" };

const QTY = String.raw`(\d{1,6}(?:\.\d{1,3})?)`;
const PRICE = String.raw`(\d{1,10}(?:\.\d{1,4})?)`;

/** Reads a line of the scan field. Single-key commands need the whole field to be that key. */
export function parseCommand(typed: string): Command {
  const text = typed.trim().replace(",", ".");
  return single(text) ?? quantity(text) ?? discount(text) ?? override(text) ?? customer(typed) ?? { kind: "search", text: typed.trim() };
}

/** True for text that acts without Enter once no key follows within the scan threshold. */
export function actsAlone(typed: string): boolean {
  return single(typed) !== undefined;
}

function single(text: string): Command | undefined {
  if (text === "+") return { kind: "step", by: 1 };
  if (text === "-") return { kind: "step", by: -1 };
  if (text === "?") return { kind: "help" };
  const tile = /^\.([1-9])$/.exec(text);
  return tile ? { kind: "tile", index: Number(tile[1]) - 1 } : undefined;
}

function quantity(text: string): Command | undefined {
  const next = new RegExp(String.raw`^${QTY}\*(.*)$`).exec(text);
  if (next && isPositive(next[1])) return { kind: "next_qty", qty: next[1] ?? "1", rest: (next[2] ?? "").trim() };
  const set = new RegExp(String.raw`^\*${QTY}$`).exec(text);
  return set && isPositive(set[1]) ? { kind: "set_qty", qty: set[1] ?? "1" } : undefined;
}

function discount(text: string): Command | undefined {
  const match = new RegExp(String.raw`^(//?)${PRICE}(%?)$`).exec(text);
  if (!match || !isPositive(match[2])) return undefined;
  const scope = match[1] === "//" ? "cart" : "line";
  return { kind: "discount", scope, type: match[3] ? "percent" : "amount", value: match[2] ?? "0" };
}

function override(text: string): Command | undefined {
  const match = new RegExp(String.raw`^=${PRICE}$`).exec(text);
  return match ? { kind: "override", price: match[1] ?? "0" } : undefined;
}

function customer(typed: string): Command | undefined {
  const text = typed.trim();
  return text.startsWith("@") ? { kind: "customer", text: text.slice(1).trim() } : undefined;
}

function isPositive(number: string | undefined): boolean {
  return Number(number) > 0;
}

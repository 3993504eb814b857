/** The cart of the register. The screen knows only CartStore; the offline store later replaces ServerCartStore. */
import { api, asProblem, currencyDigits, extend, fromMinor, toMinor, type Approval, type Problem, uuid } from "@lunarfront/ui";
import type { Customer, Discount, Item, Line, Tender, Transaction } from "./types.ts";

export interface CartStore extends EventTarget {
  readonly lines: readonly Line[];
  readonly discounts: readonly Discount[];
  readonly customer: Customer | null;
  readonly selected: Line | undefined;
  /** Totals of the last quote; `stale` while a newer one is on its way. */
  readonly quote: Transaction | null;
  readonly stale: boolean;
  readonly problem: Problem | null;
  add(item: Item, qty?: string, extra?: Partial<Line>): Line;
  change(key: string, change: Partial<Omit<Line, "key" | "item">>): void;
  remove(key: string): () => void;
  select(key: string | undefined): void;
  discountCart(discount: Discount): void;
  dropCartDiscounts(): void;
  setCustomer(customer: Customer | null): void;
  clear(): void;
  /** Waits for totals that belong to the cart as it is now. */
  settled(): Promise<Transaction | null>;
  /** Sends the whole sale (POS-48); repeating it after a lost answer gives the same sale (POS-01). */
  sell(tenders: Tender[], approval?: Approval): Promise<Transaction>;
}

const QUOTE_DELAY_MS = 40;
const KEPT = "lf-cart";

interface Kept {
  uuid: string;
  lines: Line[];
  discounts: Discount[];
  customer: Customer | null;
}

/** Prices and totals come from the server; the cart itself survives a reload of the page in this tab. */
export class ServerCartStore extends EventTarget implements CartStore {
  lines: Line[] = [];
  discounts: Discount[] = [];
  customer: Customer | null = null;
  quote: Transaction | null = null;
  problem: Problem | null = null;
  stale = false;
  private uuid = uuid();
  private selectedKey: string | undefined;
  private sent: { text: string; key: string } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;
  private waiting: Array<(quote: Transaction | null) => void> = [];

  constructor() {
    super();
    this.restore();
  }

  get selected(): Line | undefined {
    return this.lines.find((line) => line.key === this.selectedKey);
  }

  add(item: Item, qty = "1", extra: Partial<Line> = {}): Line {
    const same = Object.keys(extra).length ? undefined : this.lines.find((line) => canGrow(line, item));
    if (same) {
      this.change(same.key, { qty: addQty(same.qty, qty) });
      this.select(same.key);
      return same;
    }
    const line: Line = { key: uuid(), item, qty, discounts: [], ...extra };
    this.selectedKey = line.key;
    this.changed([...this.lines, line]);
    return line;
  }

  change(key: string, change: Partial<Line>): void {
    this.selectedKey = key;
    this.changed(this.lines.map((line) => (line.key === key ? { ...line, ...change } : line)));
  }

  remove(key: string): () => void {
    const at = this.lines.findIndex((line) => line.key === key);
    const line = this.lines[at];
    if (!line) return () => undefined;
    const rest = this.lines.filter((other) => other.key !== key);
    this.selectedKey = (rest[at] ?? rest[at - 1])?.key;
    this.changed(rest);
    return () => this.putBack(at, line);
  }

  select(key: string | undefined): void {
    this.selectedKey = key;
    this.notify();
  }

  discountCart(discount: Discount): void {
    this.discounts = [...this.discounts, discount];
    this.changed(this.lines);
  }

  dropCartDiscounts(): void {
    this.discounts = [];
    this.changed(this.lines);
  }

  setCustomer(customer: Customer | null): void {
    this.customer = customer;
    this.changed(this.lines);
  }

  clear(): void {
    this.uuid = uuid();
    this.customer = null;
    this.discounts = [];
    this.selectedKey = undefined;
    this.changed([]);
  }

  settled(): Promise<Transaction | null> {
    if (!this.stale) return Promise.resolve(this.quote);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async sell(tenders: Tender[], approval?: Approval): Promise<Transaction> {
    const body = { ...this.body(), tenders, complete: true, expected_total: this.quote?.total, approval };
    const sale = await api<Transaction>("POST", "/transactions", body, { idempotencyKey: this.keyFor(body) });
    this.clear();
    return sale;
  }

  /** The same request keeps its key when it is repeated after a lost answer; a changed one gets its own. */
  private keyFor(body: unknown): string {
    const text = JSON.stringify(body);
    if (this.sent?.text !== text) this.sent = { text, key: uuid() };
    return this.sent.key;
  }

  private putBack(at: number, line: Line): void {
    this.selectedKey = line.key;
    this.changed([...this.lines.slice(0, at), line, ...this.lines.slice(at)]);
  }

  private body(): Record<string, unknown> {
    const account = this.customer ? { account_id: this.customer.id } : {};
    return { client_uuid: this.uuid, kind: "sale", ...account, lines: this.lines.map(lineBody), discounts: this.discounts };
  }

  private changed(lines: Line[]): void {
    this.lines = lines;
    this.keep();
    this.stale = lines.length > 0;
    clearTimeout(this.timer);
    this.running?.abort();
    if (this.stale) this.timer = setTimeout(() => void this.ask(), QUOTE_DELAY_MS);
    else this.answered(null, null);
    this.notify();
  }

  private async ask(): Promise<void> {
    const running = new AbortController();
    this.running = running;
    try {
      const quote = await api<Transaction>("POST", "/transactions/quote", this.body(), { signal: running.signal });
      if (!running.signal.aborted) this.answered(quote, null);
    } catch (error) {
      if (!running.signal.aborted) this.answered(null, asProblem(error));
    }
  }

  private answered(quote: Transaction | null, problem: Problem | null): void {
    this.quote = quote;
    this.problem = problem;
    this.stale = false;
    for (const resolve of this.waiting.splice(0)) resolve(quote);
    this.notify();
  }

  private notify(): void {
    this.dispatchEvent(new Event("change"));
  }

  private keep(): void {
    const { uuid, lines, discounts, customer } = this;
    const kept: Kept = { uuid, lines, discounts, customer };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  }

  private restore(): void {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Kept | null;
    if (!kept?.lines.length) return;
    this.uuid = kept.uuid;
    this.discounts = kept.discounts;
    this.customer = kept.customer ?? null;
    this.selectedKey = kept.lines.at(-1)?.key;
    this.changed(kept.lines);
  }
}

/** The amount to show on a line before the quote has answered: list or changed price × quantity. */
export function provisional(line: Line): string {
  const digits = currencyDigits();
  const price = line.unitPrice ?? line.item.price;
  return price === null ? "" : fromMinor(extend(price, line.qty, digits), digits);
}

/** A second scan of the same thing makes the line larger, unless the line was treated on its own. */
function canGrow(line: Line, item: Item): boolean {
  const touched = line.unitPrice !== undefined || line.description !== undefined || line.discounts.length > 0;
  return line.item.variant_id === item.variant_id && !item.is_serialized && !touched;
}

function addQty(a: string, b: string): string {
  return fromMinor(toMinor(a, 3) + toMinor(b, 3), 3).replace(/\.?0+$/, "");
}

function lineBody(line: Line): Record<string, unknown> {
  const body: Record<string, unknown> = { variant_id: line.item.variant_id, qty: line.qty, discounts: line.discounts };
  if (line.item.unit_id) body["unit_id"] = line.item.unit_id;
  if (line.unitPrice !== undefined) body["unit_price"] = line.unitPrice;
  if (line.reason) Object.assign(body, line.reason);
  if (line.description) body["description"] = line.description;
  return body;
}

/** The right side of the register: lines, totals, payment keys; drawing only, every act is a call to the register. */
import { contributed, currencyDigits, fromMinor, html, icon, money, nothing, problemAlert, quantity, repeat, t, tn, toMinor } from "@lunarfront/ui";
import type { TemplateResult } from "@lunarfront/ui";
import type { Register } from "./lf-pos.ts";
import { provisional } from "./store.ts";
import type { Line, QuotedLine, Transaction } from "./types.ts";

type View = TemplateResult | typeof nothing;

export function cartView(register: Register): TemplateResult {
  return html`<section class="pos-cart" aria-label=${t("Cart")} ?data-open=${register.cartOpen}>
    <div class="pos-cart-head">
      <h2 class=${register.config.customers && !register.done ? "sr-only" : "customer"}>
        ${register.done ? t("Sale complete") : tn("{n} item", "{n} items", pieces(register.store.lines))}
      </h2>
      ${customerView(register)}
      ${contributed("pos.cart.header", register.store)}
      ${clearButton(register)}
      <button type="button" class="btn btn-quiet btn-icon pos-close" aria-label=${t("Back to items")} @click=${register.closeCart}>
        ${icon("x")}
      </button>
    </div>
    ${register.done ? doneView(register, register.done) : linesView(register)}
    ${register.done ? nothing : footView(register)}
  </section>`;
}

function customerView(register: Register): View {
  const { customer } = register.store;
  if (!register.config.customers || register.done) return nothing;
  const choose = (): void => register.chooseCustomer();
  if (!customer) {
    return html`<button type="button" class="btn customer" @click=${choose}><span>${t("Add customer")}</span><kbd class="kbd end">F4</kbd></button>`;
  }
  return html`<button type="button" class="btn customer" @click=${choose}>
      ${icon("user")}<span class="truncate">${customer.name}</span>${customer.tax_exempt ? html`<span class="badge" data-tone="info">${t("Tax exempt")}</span>` : nothing}
    </button>
    <button type="button" class="btn btn-quiet btn-icon" aria-label=${t("Remove customer {name}", { name: customer.name })} @click=${() => register.store.setCustomer(null)}>${icon("x")}</button>`;
}

export function pieces(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + (Number.isInteger(Number(line.qty)) ? Number(line.qty) : 1), 0);
}

function clearButton(register: Register): View {
  if (!register.store.lines.length) return nothing;
  return html`<button type="button" class="btn btn-quiet btn-sm" @click=${register.clearSale}>${icon("trash-2")} ${t("Clear")}</button>`;
}

function linesView(register: Register): TemplateResult {
  const { lines } = register.store;
  if (!lines.length) return emptyView();
  return html`<ol class="pos-lines" role="list">
    ${repeat(lines, (line) => line.key, (line, index) => lineView(register, line, index))}
  </ol>`;
}

function emptyView(): TemplateResult {
  return html`<div class="pos-empty">
    ${icon("shopping-cart")}
    <p class="strong">${t("The cart is empty")}</p>
    <p>${t("Scan a barcode, search, or choose an item.")}</p>
  </div>`;
}

function lineView(register: Register, line: Line, index: number): TemplateResult {
  const selected = line === register.store.selected;
  const quoted = register.store.quote?.lines[index];
  const amount = register.store.stale || !quoted ? provisional(line) : before(quoted);
  return html`<li class="pos-line" data-key=${line.key} ?data-selected=${selected}>
    <button type="button" class="pos-line-main" aria-pressed=${selected} @click=${() => register.selectLine(line)}>
      <span class="qty"><span class="sr-only">${t("Quantity")} </span>${quantity(line.qty)}</span>
      <span>
        <span class="name">${line.description || line.item.name}</span>
        <span class="note">${noteOf(line, quoted)}</span>
      </span>
      <span class="amount">${money(amount)}</span>
    </button>
    ${selected ? toolsView(register, line) : nothing}
    ${contributed("pos.line", line)}
  </li>`;
}

/** The line's amount after its own discounts and before those of the cart, which stand in the totals. */
function before(quoted: QuotedLine): string {
  const digits = currencyDigits();
  const minor = (amount: string): number => toMinor(amount, digits);
  return fromMinor(minor(quoted.extended) - minor(quoted.override_amount) - minor(quoted.line_discount), digits);
}

function noteOf(line: Line, quoted: QuotedLine | undefined): string {
  const price = money(line.unitPrice ?? line.item.price);
  const parts = [`${t("SKU")} ${line.item.sku}`, t("{price} each", { price })];
  if (quoted && Number(quoted.line_discount) > 0) parts.push(t("{amount} discount", { amount: money(`-${quoted.line_discount}`) }));
  if (line.unitPrice !== undefined) parts.push(t("price changed"));
  return parts.join(" · ");
}

function toolsView(register: Register, line: Line): TemplateResult {
  const fixed = line.item.is_serialized;
  return html`<div class="pos-line-tools">
    <button type="button" class="btn btn-sm btn-icon" aria-label=${t("One less")} ?disabled=${fixed} @click=${() => register.step(-1)}>${icon("minus")}</button>
    <button type="button" class="btn btn-sm btn-icon" aria-label=${t("One more")} ?disabled=${fixed} @click=${() => register.step(1)}>${icon("plus")}</button>
    <button type="button" class="btn btn-sm" ?disabled=${fixed} @click=${() => register.askQuantity(line)}>${t("Quantity")}</button>
    <button type="button" class="btn btn-sm" @click=${() => register.askDiscount(line)}>${t("Discount")}</button>
    <button type="button" class="btn btn-sm btn-icon" aria-label=${t("Remove {item}", { item: line.item.name })} @click=${() => register.removeLine(line)}>${icon("trash-2")}</button>
  </div>`;
}

function footView(register: Register): TemplateResult {
  const { lines, quote, stale, problem } = register.store;
  const total = quote ? money(quote.total) : money(null);
  const blocked = !lines.length || Boolean(problem);
  return html`<div class="pos-foot">
    ${problemAlert(problem)}
    ${totalsView(register, quote, stale)}
    <div class="pos-pay">
      <button type="button" class="btn" ?disabled=${blocked} @click=${register.payCash}>${icon("banknote")} ${t("Cash")} <kbd class="kbd">F8</kbd></button>
      <button type="button" class="btn btn-primary" ?disabled=${blocked} @click=${register.payCard}>
        ${quote ? t("Charge {total}", { total }) : t("Charge")} <kbd class="kbd">F9</kbd>
      </button>
      ${contributed("pos.tender", register.store)}
    </div>
  </div>`;
}

function totalsView(register: Register, quote: Transaction | null, stale: boolean): TemplateResult {
  const discounted = quote && Number(quote.discount_total) > 0;
  return html`<dl class="totals" ?data-stale=${stale} aria-live="polite" aria-atomic="true">
    <dt>${t("Subtotal")}</dt><dd>${money(quote?.subtotal ?? "0")}</dd>
    ${discounted ? discountRow(register, quote) : nothing}
    ${(quote?.taxes ?? []).map((tax) => html`<dt>${tax.name} ${percent(tax.rate)}</dt><dd>${money(tax.amount)}</dd>`)}
    ${quote?.taxes.length ? nothing : html`<dt>${t("Tax")}</dt><dd>${money(quote?.tax_total ?? "0")}</dd>`}
    <dt class="total">${t("Total")}</dt><dd class="total" data-total>${money(quote?.total ?? "0")}</dd>
  </dl>`;
}

function discountRow(register: Register, quote: Transaction): TemplateResult {
  const drop = register.store.discounts.length
    ? html` <button type="button" class="btn btn-quiet btn-sm" @click=${() => register.store.dropCartDiscounts()}>${t("Remove")}</button>`
    : nothing;
  return html`<dt>${t("Discount")}${drop}</dt><dd>${money(`-${quote.discount_total}`)}</dd>`;
}

/** "0.0825" is "8.25%". */
export function percent(rate: string): string {
  return `${quantity((Number(rate) * 100).toFixed(4))}%`;
}

function doneView(register: Register, sale: Transaction): TemplateResult {
  const change = Number(sale.change_given) > 0;
  return html`<div class="pos-done" role="status">
    ${icon("circle-check", "icon-done")}
    <p class="strong">${change ? t("Change") : t("Paid")}</p>
    <p class="change" data-change>${money(change ? sale.change_given : sale.total)}</p>
    <p class="muted">${t("Sale {number} · total {total}", { number: sale.number ?? "", total: money(sale.total) })}</p>
    <div class="cluster">
      <a class="btn" href="/orders/${sale.id ?? ""}/receipt?print=1" target="_blank" rel="noopener">${icon("printer")} ${t("Receipt")}</a>
      <a class="btn" href="/orders/${sale.id ?? ""}">${t("Open sale")}</a>
    </div>
    <button type="button" class="btn btn-primary" @click=${register.nextSale}>${t("Next sale")} <kbd class="kbd">Enter</kbd></button>
  </div>`;
}

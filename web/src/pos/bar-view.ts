/** The bar at the bottom of phones: opens the cart, takes the money. */
import { html, money, nothing, t, tn, type TemplateResult } from "@lunarfront/ui";
import type { Register } from "./lf-pos.ts";

export function barView(register: Register): TemplateResult | typeof nothing {
  const { lines, quote, problem } = register.store;
  if (!lines.length) return nothing;
  const blocked = Boolean(problem);
  const total = money(quote?.total);
  return html`<div class="pos-bar">
    <button type="button" class="pos-bar-open" @click=${register.openCart}>
      <span>${tn("{n} item", "{n} items", register.pieceCount)}</span><strong>${total}</strong>
    </button>
    <div class="pos-pay">
      <button type="button" class="btn" ?disabled=${blocked} @click=${register.payCash}>${t("Cash")}</button>
      <button type="button" class="btn btn-primary" ?disabled=${blocked} @click=${register.payCard}>${t("Charge {total}", { total })}</button>
    </div>
  </div>`;
}

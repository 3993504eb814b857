/** The left side of the register: scan field, category chips, tiles or search hits; drawing only. */
import { html, icon, live, money, nothing, problemAlert, quantity, repeat, t } from "@lunarfront/ui";
import type { TemplateResult } from "@lunarfront/ui";
import type { Register } from "./lf-pos.ts";
import type { Item } from "./types.ts";

type View = TemplateResult | typeof nothing;
const LOW_STOCK = 3;

export function catalogView(register: Register): TemplateResult {
  return html`<section class="pos-catalog" aria-label=${t("Items")}>
    ${register.config.drawer_open ? nothing : drawerNotice()}
    ${scanField(register)}
    ${problemAlert(register.problem)} ${noticeView(register)}
    ${chipsView(register)}
    <div class="pos-results" tabindex="-1">${register.hits ? hitsView(register, register.hits) : tilesView(register)}</div>
  </section>`;
}

function drawerNotice(): TemplateResult {
  return html`<div class="alert" data-tone="warn">
    ${icon("wallet")}
    <div><p>${t("The drawer is closed: cash cannot be taken.")} <a href="/drawer">${t("Open the drawer")}</a></p></div>
  </div>`;
}

function scanField(register: Register): TemplateResult {
  const hits = register.hits ?? [];
  const active = hits[register.hitIndex]?.variant_id;
  return html`<div class="pos-scan">
    ${icon("scan-barcode")}
    <input
      class="input input-lg"
      id="pos-scan"
      type="text"
      role="combobox"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      enterkeyhint="search"
      aria-label=${t("Scan a barcode or type to search")}
      placeholder=${t("Scan a barcode or type to search")}
      aria-expanded=${Boolean(register.hits)}
      aria-controls="pos-hits"
      aria-activedescendant=${active ? `hit-${active}` : nothing}
      .value=${live(register.text)}
      @input=${register.onType}
    />
    <button type="button" class="btn btn-quiet btn-icon" aria-label=${t("Keyboard help")} @click=${register.showKeys}>${icon("keyboard")}</button>
  </div>`;
}

function noticeView(register: Register): View {
  const { unknown } = register;
  if (!unknown) return nothing;
  return html`<div class="alert" data-tone="warn" role="status">
    ${icon("barcode")}
    <div><p class="alert-title">${t("No item has the code {code}", { code: unknown })}</p></div>
    <span class="cluster end">
      <button type="button" class="btn btn-sm" @click=${() => register.searchFor(unknown)}>${t("Search")}</button>
      ${register.config.can_create_items ? html`<a class="btn btn-sm" href="/inventory/new?code=${encodeURIComponent(unknown)}">${t("Create item")}</a>` : nothing}
    </span>
  </div>`;
}

function chipsView(register: Register): View {
  if (!register.categories.length) return nothing;
  return html`<div class="chips" role="group" aria-label=${t("Categories")}>
    ${register.categories.map(
      (category) => html`<button type="button" class="btn chip" aria-pressed=${category.id === register.categoryId} @click=${() => register.showCategory(category.id)}>
        ${category.name}
      </button>`,
    )}
  </div>`;
}

function tilesView(register: Register): TemplateResult {
  if (register.tiles?.length === 0) {
    return html`<div class="empty">${icon("package")}<h3>${t("No items here yet")}</h3><p>${t("Items of this category appear here as soon as they can be sold.")}</p></div>`;
  }
  return html`<ul class="tiles" role="list" aria-busy=${register.tiles === null}>
    ${repeat(register.tiles ?? [], (item) => item.variant_id, (item) => tileView(register, item))}
  </ul>`;
}

function tileView(register: Register, item: Item): TemplateResult {
  return html`<li>
    <button type="button" class="tile" @click=${() => register.choose(item)}>
      <span class="tile-name">${item.name}</span>
      <span class="tile-foot"><span class="tile-price">${priceOf(item)}</span>${stockView(item)}</span>
    </button>
  </li>`;
}

function priceOf(item: Item): string {
  return item.price === null ? t("Any price") : money(item.price);
}

function stockView(item: Item): TemplateResult {
  const left = item.on_hand === null ? null : Number(item.on_hand);
  if (left === null) return html`<span class="tile-stock">${item.kind === "service" ? t("Service") : "–"}</span>`;
  if (left <= 0) return html`<span class="tile-stock" data-tone="bad">${left < 0 ? quantity(left) : t("Out")}</span>`;
  const few = left <= LOW_STOCK;
  return html`<span class="tile-stock" data-tone=${few ? "warn" : "mute"}>${few ? t("{n} left", { n: quantity(left) }) : quantity(left)}</span>`;
}

function hitsView(register: Register, hits: Item[]): TemplateResult {
  if (!hits.length) {
    return html`<div class="empty" id="pos-hits">${icon("search")}<h3>${t("Nothing found for “{text}”", { text: register.text.trim() })}</h3>
      <p>${t("Check the spelling, or search by part of the name, the SKU or the serial number.")}</p></div>`;
  }
  return html`<ul class="hits" id="pos-hits" role="listbox" aria-label=${t("Search results")}>
    ${hits.map((item, index) => hitView(register, item, index))}
  </ul>`;
}

function hitView(register: Register, item: Item, index: number): TemplateResult {
  return html`<li class="hit" role="option" id="hit-${item.variant_id}" aria-selected=${index === register.hitIndex} @click=${() => register.choose(item)}>
    <span><span class="strong">${item.name}</span><br /><small>${t("SKU")} ${item.sku}</small></span>
    <span class="hit-stock">${stockView(item)}</span>
    <span class="num strong">${priceOf(item)}</span>
  </li>`;
}

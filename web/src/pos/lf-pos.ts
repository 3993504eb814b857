/** The register. Holds what the screen shows; the cart is a CartStore, so an offline store can take its place. */
import { asProblem, confirmDialog, html, LfElement, sound, t, toast, type Problem, type TemplateResult } from "@lunarfront/ui";
import { cartView, pieces } from "./cart-view.ts";
import { barView } from "./bar-view.ts";
import { askCustomer } from "./customer.ts";
import { catalogView } from "./catalog-view.ts";
import { Catalog } from "./catalog.ts";
import { askDiscount, askFreePrice, askOverride, askQuantity, askSerial, askWhich, showKeys } from "./dialogs.ts";
import { actsAlone, parseCommand, type Command } from "./grammar.ts";
import { handleKey } from "./keys.ts";
import { payCard, payCash } from "./payment.ts";
import { ServerCartStore, type CartStore } from "./store.ts";
import type { Category, Item, Line, PosConfig, Transaction } from "./types.ts";

const SEARCH_DELAY_MS = 120;
const COMMAND_DELAY_MS = 60;

export class Register extends LfElement {
  readonly store: CartStore = new ServerCartStore();
  config!: PosConfig;
  categories: Category[] = [];
  categoryId = "";
  tiles: Item[] | null = null;
  hits: Item[] | null = null;
  hitIndex = 0;
  text = "";
  nextQty = "1";
  unknown = "";
  problem: Problem | null = null;
  done: Transaction | null = null;
  lastSaleId = "";
  cartOpen = false;
  private readonly catalog = new Catalog();
  private typing: ReturnType<typeof setTimeout> | undefined;
  private scans: Promise<void> = Promise.resolve();
  private tilesAsked = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.config = JSON.parse(this.dataset["config"] ?? "{}") as PosConfig;
    this.replaceChildren();
    this.store.addEventListener("change", this.redraw);
    document.addEventListener("lf-scan", this.onScan);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("lf-contributed", this.redraw);
    void this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.redraw);
    document.removeEventListener("lf-scan", this.onScan);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("lf-contributed", this.redraw);
  }

  protected override render(): TemplateResult {
    return html`<div class="pos">${catalogView(this)} ${cartView(this)} ${barView(this)}</div>`;
  }

  protected override updated(): void {
    this.querySelector("[data-selected]")?.scrollIntoView({ block: "nearest" });
    this.querySelector(".hit[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  get field(): HTMLInputElement | null {
    return this.querySelector("#pos-scan");
  }

  get pieceCount(): number {
    return pieces(this.store.lines);
  }

  readonly redraw = (): void => this.requestUpdate();
  private readonly onKey = (event: KeyboardEvent): void => handleKey(this, event);

  /** Focus goes home to the scan field, but no on-screen keyboard jumps up where fingers are used. */
  home(): void {
    if (!matchMedia("(pointer: fine)").matches || document.querySelector("dialog[open]")) return;
    const { field } = this;
    field?.focus();
    // Chromium gives the focus back after a dialog without a caret when the value changed meanwhile: keys would be lost.
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  reset(): void {
    clearTimeout(this.typing);
    Object.assign(this, { text: "", hits: null, hitIndex: 0, nextQty: "1", unknown: "", problem: null });
    this.redraw();
  }

  // --- items ---

  readonly onType = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    clearTimeout(this.typing);
    if (actsAlone(this.text)) this.typing = setTimeout(() => this.submit(), COMMAND_DELAY_MS);
    else this.typing = setTimeout(() => void this.guarded(() => this.search()), SEARCH_DELAY_MS);
  };

  /** Enter in the scan field: a command, the selected hit, or the text as a code. */
  submit(): void {
    clearTimeout(this.typing);
    const command = parseCommand(this.text);
    const hit = this.hits?.[this.hitIndex];
    if (command.kind === "search" && hit) return this.choose(hit);
    if (command.kind === "search" && command.text) return this.scan(command.text);
    void this.guarded(() => this.run(command));
  }

  searchFor(text: string): void {
    this.text = text;
    this.unknown = "";
    void this.guarded(() => this.search());
    this.home();
  }

  /** Scans wait for each other, so that lines appear in the order of the scans and none is lost. */
  scan(code: string): void {
    const qty = this.nextQty;
    this.done = null;
    this.reset();
    this.scans = this.scans.then(() => this.guarded(() => this.addCode(code, qty)));
  }

  readonly choose = (item: Item): void => {
    const qty = this.nextQty;
    this.done = null;
    this.reset();
    this.home();
    void this.guarded(() => this.add(item, qty));
  };

  readonly showCategory = (id: string): void => {
    this.categoryId = id;
    this.hits = null;
    this.text = "";
    this.home();
    void this.guarded(() => this.loadTiles());
  };

  readonly showKeys = (): void => {
    void showKeys().then(() => this.home());
  };

  private readonly onScan = (event: Event): void => {
    const { code, refused } = (event as CustomEvent<{ code: string; refused: boolean }>).detail;
    if (refused) return sound("refused");
    const quantity = parseCommand(code);
    if (quantity.kind === "next_qty" && quantity.rest) this.nextQty = quantity.qty;
    this.scan(quantity.kind === "next_qty" && quantity.rest ? quantity.rest : code);
  };

  private async start(): Promise<void> {
    this.home();
    await this.guarded(async () => {
      const categories = await this.catalog.categories();
      this.categories = [{ id: "", name: t("All items") }, ...categories];
      await this.loadTiles();
    });
  }

  private async loadTiles(): Promise<void> {
    const asked = ++this.tilesAsked;
    this.redraw();
    const tiles = await this.catalog.tiles(this.categoryId);
    if (asked === this.tilesAsked) this.tiles = tiles;
  }

  private async search(): Promise<void> {
    const command = parseCommand(this.text);
    const text = command.kind === "search" ? command.text : command.kind === "next_qty" ? command.rest : "";
    if (!text) this.hits = null;
    else this.hits = (await this.catalog.search(text)) ?? this.hits;
    if (this.text.trim() === "") this.hits = null;
    this.hitIndex = 0;
  }

  private async addCode(code: string, qty: string): Promise<void> {
    const items = await this.catalog.lookup(code);
    const item = items.length > 1 ? await askWhich(items) : items[0];
    if (item) return this.add(item, qty);
    if (items.length) return;
    this.unknown = code;
    sound("unknown");
  }

  private async add(item: Item, qty: string): Promise<void> {
    const whole = item.is_serialized && !item.unit_id ? await this.serial(item) : item;
    if (!whole) return;
    const free = whole.price === null || whole.kind === "non_stocked" ? await askFreePrice(whole) : undefined;
    if (!free && whole.price === null) return;
    const extra = free ? { unitPrice: free.price, description: free.description } : {};
    this.store.add(whole, whole.is_serialized ? "1" : packed(qty, whole.pack_qty), extra);
    sound("added");
    this.home();
  }

  private async serial(item: Item): Promise<Item | undefined> {
    const code = await askSerial(item);
    if (!code) return undefined;
    const unit = (await this.catalog.lookup(code)).find((found) => found.unit_id && found.variant_id === item.variant_id);
    if (!unit) this.unknown = code;
    return unit;
  }

  // --- lines ---

  readonly selectLine = (line: Line): void => {
    this.store.select(line.key);
    this.home();
  };

  step(by: 1 | -1): void {
    const line = this.store.selected;
    if (!line || line.item.is_serialized) return;
    const qty = Number(line.qty) + by;
    if (qty <= 0) return this.removeLine(line);
    this.store.change(line.key, { qty: String(Math.round(qty * 1000) / 1000) });
  }

  removeLine(line: Line): void {
    const undo = this.store.remove(line.key);
    toast(t("{item} removed", { item: line.item.name }), undo);
    this.home();
  }

  askQuantity(line: Line): void {
    void this.then(askQuantity(line), (qty) => this.store.change(line.key, { qty }));
  }

  askDiscount(line: Line, given = ""): void {
    const { discount } = this.config.reasons;
    void this.then(askDiscount(line.item.name, discount, given), (granted) =>
      this.store.change(line.key, { discounts: [...line.discounts, granted] }),
    );
  }

  readonly chooseCustomer = (text = ""): void => {
    if (!this.config.customers || document.querySelector("dialog[open]")) return;
    void this.then(askCustomer(text), (customer) => this.store.setCustomer(customer));
  };

  private run(command: Command): void {
    const line = this.store.selected;
    this.text = "";
    this.hits = null;
    if (command.kind === "help") return this.showKeys();
    if (command.kind === "customer") return this.chooseCustomer(command.text);
    if (command.kind === "next_qty") return this.setNextQty(command.qty, command.rest);
    if (command.kind === "tile") return this.chooseTile(command.index);
    if (command.kind === "discount" && command.scope === "cart") return this.discountCart(discountText(command));
    if (!line) return sound("refused");
    if (command.kind === "step") this.step(command.by);
    if (command.kind === "set_qty" && !line.item.is_serialized) this.store.change(line.key, { qty: command.qty });
    if (command.kind === "discount") this.askDiscount(line, discountText(command));
    if (command.kind === "override") this.override(line, command.price);
  }

  private setNextQty(qty: string, rest: string): void {
    this.nextQty = qty;
    if (rest) this.scan(rest);
    else this.text = `${qty}*`;
  }

  private chooseTile(index: number): void {
    const item = this.tiles?.[index];
    if (item) this.choose(item);
  }

  private override(line: Line, given: string): void {
    void this.then(askOverride(line, this.config.reasons.override, given), ({ price, reason }) =>
      this.store.change(line.key, { unitPrice: price, reason }),
    );
  }

  private discountCart(given: string): void {
    if (!this.store.lines.length) return sound("refused");
    void this.then(askDiscount(t("The whole sale"), this.config.reasons.discount, given), (granted) => this.store.discountCart(granted));
  }

  // --- sale ---

  readonly payCash = (): void => void this.pay(payCash);
  readonly payCard = (): void => void this.pay(payCard);

  readonly nextSale = (): void => {
    this.done = null;
    this.cartOpen = false;
    this.reset();
    this.home();
  };

  readonly clearSale = (): void => {
    void this.guarded(async () => {
      const many = this.store.lines.length > this.config.clear_confirm_above;
      const effect = t("All lines and discounts of this sale are taken out of the cart.");
      if (!many || (await confirmDialog(t("Clear this sale?"), effect, t("Clear sale")))) this.store.clear();
      this.home();
    });
  };

  readonly openCart = (): void => {
    this.cartOpen = true;
    this.redraw();
  };

  readonly closeCart = (): void => {
    if (this.done) return this.nextSale();
    this.cartOpen = false;
    this.redraw();
  };

  private async pay(take: typeof payCash): Promise<void> {
    await this.scans;
    if (!this.store.lines.length || document.querySelector("dialog[open]")) return;
    const quote = await this.store.settled();
    if (!quote) return;
    const sale = await take(this.store, this.config, quote.total);
    if (!sale) return this.home();
    Object.assign(this, { done: sale, lastSaleId: sale.id ?? "", cartOpen: true });
    this.home();
    this.redraw();
    void this.guarded(() => this.loadTiles());
  }

  private async then<T>(answer: Promise<T | undefined>, act: (value: T) => void): Promise<void> {
    const value = await answer;
    if (value !== undefined) act(value);
    this.home();
  }

  private async guarded(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.problem = asProblem(error);
      sound("refused");
    }
    this.redraw();
  }
}

function packed(qty: string, pack: string | undefined): string {
  return pack && Number(pack) !== 1 ? String(Number(qty) * Number(pack)) : qty;
}

function discountText(command: { type: "percent" | "amount"; value: string }): string {
  return command.type === "percent" ? `${command.value}%` : command.value;
}

customElements.define("lf-pos", Register);

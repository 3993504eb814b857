/** Refund of lines: which, how many, where the goods go, why; the server previews the amounts (RET-04, RET-06, RET-09). */
import { api, askApproval, asProblem, dialogFoot, html, LfElement, money, nothing, openDialog, uuid } from "@lunarfront/ui";
import { problemAlert, quantity, t, type Approval, type OpenDialog, type Problem, type Reason, type TemplateResult } from "@lunarfront/ui";

interface RefundLine {
  line_id: string;
  name: string;
  sku: string;
  left: string;
  stocked: boolean;
}

interface RefundConfig {
  transaction_id: string;
  number: string;
  lines: RefundLine[];
  reasons: Reason[];
  approval_reasons: Reason[];
}

interface Chosen {
  qty: string;
  restock: string;
  reason: string;
  note: string;
}

interface Refund {
  id: string;
  total: string;
  tax_total: string;
  cash_rounding: string;
  tenders: Array<{ type: string; amount: string; reference?: string | null }>;
}

class RefundElement extends LfElement {
  private config!: RefundConfig;
  private readonly chosen = new Map<string, Chosen>();
  private preview: Refund | null = null;
  private problem: Problem | null = null;
  private uuid = uuid();
  private slip = "";
  private asked = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.config = JSON.parse(this.dataset["config"] ?? "{}") as RefundConfig;
    this.replaceChildren();
  }

  protected override render(): TemplateResult {
    const nothingLeft = !this.config.lines.some((line) => Number(line.left) > 0);
    return html`<button type="button" class="btn" ?disabled=${nothingLeft} @click=${() => void this.open()}>
      <span>${nothingLeft ? t("All refunded") : t("Refund")}</span>
    </button>`;
  }

  private async open(): Promise<void> {
    this.chosen.clear();
    Object.assign(this, { preview: null, problem: null, uuid: uuid(), slip: "" });
    const refund = await openDialog<Refund>({
      title: t("Refund of sale {number}", { number: this.config.number }),
      wide: true,
      view: (dialog) => this.view(dialog),
      submit: (dialog) => this.complete(dialog),
    });
    if (refund) location.assign(`/orders/${refund.id}`);
  }

  private view(dialog: OpenDialog<Refund>): TemplateResult {
    return html`<div class="dialog-body">
        <div>${this.config.lines.filter((line) => Number(line.left) > 0).map((line) => this.lineView(line, dialog))}</div>
        ${this.previewView(dialog)} ${problemAlert(this.problem)}
      </div>
      ${dialogFoot(dialog, this.preview ? t("Refund {total}", { total: money(positive(this.preview.total)) }) : t("Refund"))}`;
  }

  private lineView(line: RefundLine, dialog: OpenDialog<Refund>): TemplateResult {
    const chosen = this.chosen.get(line.line_id);
    const toggle = (event: Event): void => this.toggle(line, (event.target as HTMLInputElement).checked, dialog);
    const id = `refund-${line.line_id}`;
    return html`<div class="refund-line">
      <div class="check"><input type="checkbox" id=${id} .checked=${Boolean(chosen)} @change=${toggle} /></div>
      <label for=${id}><span class="strong">${line.name}</span><br /><span class="muted small">${t("SKU")} ${line.sku}</span></label>
      <span class="muted nowrap">${t("{n} can be returned", { n: quantity(line.left) })}</span>
      ${chosen ? this.optionsView(line, chosen, dialog) : nothing}
    </div>`;
  }

  private optionsView(line: RefundLine, chosen: Chosen, dialog: OpenDialog<Refund>): TemplateResult {
    const set = (name: keyof Chosen) => (event: Event): void => {
      chosen[name] = (event.target as HTMLInputElement).value.trim();
      void this.ask(dialog);
    };
    const id = line.line_id;
    return html`<div class="options">
      <div class="field"><label for="qty-${id}">${t("Quantity")}</label>
        <input class="input num" id="qty-${id}" inputmode="decimal" .value=${chosen.qty} @change=${set("qty")} /></div>
      <div class="field"><label for="restock-${id}">${t("Goods")}</label>
        <select class="select" id="restock-${id}" @change=${set("restock")}>${restockChoices(line).map(([value, text]) => option(value, text, chosen.restock))}</select></div>
      <div class="field"><label for="reason-${id}">${t("Reason")}</label>
        <select class="select" id="reason-${id}" @change=${set("reason")}>${this.config.reasons.map((reason) => option(reason.code, reason.name, chosen.reason))}</select></div>
      ${this.needsNote(chosen) ? html`<div class="field"><label for="note-${id}">${t("Note")}</label>
        <input class="input" id="note-${id}" .value=${chosen.note} @change=${set("note")} /></div>` : nothing}
    </div>`;
  }

  private needsNote(chosen: Chosen): boolean {
    return this.config.reasons.some((reason) => reason.code === chosen.reason && reason.needs_note);
  }

  private previewView(dialog: OpenDialog<Refund>): TemplateResult | typeof nothing {
    const { preview } = this;
    if (!preview) return nothing;
    const card = preview.tenders.some((tender) => tender.type === "card");
    const typed = (event: Event): void => void (this.slip = (event.target as HTMLInputElement).value.trim());
    return html`<dl class="totals">
        <dt>${t("Tax in it")}</dt><dd>${money(positive(preview.tax_total))}</dd>
        ${preview.tenders.map((tender) => html`<dt>${t("Back by {tender}", { tender: tenderName(tender.type) })}</dt><dd>${money(positive(tender.amount))}</dd>`)}
        <dt class="total">${t("To pay back")}</dt><dd class="total">${money(positive(preview.total))}</dd>
      </dl>
      ${card ? html`<div class="field"><label for="refund-slip">${t("Slip number of the card refund")}</label>
        <input class="input" id="refund-slip" .value=${this.slip} @change=${typed} @input=${typed} ?disabled=${!dialog.element.isConnected} /></div>` : nothing}`;
  }

  private toggle(line: RefundLine, on: boolean, dialog: OpenDialog<Refund>): void {
    const first = { qty: quantity(line.left), restock: line.stocked ? "sellable" : "none", reason: this.config.reasons[0]?.code ?? "", note: "" };
    if (on) this.chosen.set(line.line_id, first);
    else this.chosen.delete(line.line_id);
    void this.ask(dialog);
  }

  private body(): Record<string, unknown> {
    const lines = [...this.chosen].map(([line_id, { qty, restock, reason, note }]) => ({
      line_id,
      qty: qty.replace(",", "."),
      restock,
      reason_code: reason,
      ...(note ? { note } : {}),
    }));
    return { client_uuid: this.uuid, lines };
  }

  private async ask(dialog: OpenDialog<Refund>): Promise<void> {
    const asked = ++this.asked;
    dialog.update();
    try {
      const preview = this.chosen.size ? await this.post({ ...this.body() }, { dry_run: 1 }) : null;
      if (asked === this.asked) Object.assign(this, { preview, problem: null });
    } catch (error) {
      if (asked === this.asked) Object.assign(this, { preview: null, problem: asProblem(error) });
    }
    dialog.update();
  }

  private post(body: Record<string, unknown>, query: Record<string, number> = {}): Promise<Refund> {
    const options = { query, idempotencyKey: uuid() };
    return api<Refund>("POST", `/transactions/${this.config.transaction_id}/refunds`, body, options);
  }

  private async complete(dialog: OpenDialog<Refund>): Promise<void> {
    if (!this.chosen.size) return;
    dialog.busy(true);
    try {
      dialog.close(await this.send());
    } catch (error) {
      this.problem = asProblem(error);
      dialog.update();
    } finally {
      dialog.busy(false);
    }
  }

  private async send(approval?: Approval): Promise<Refund> {
    try {
      return await this.post({ ...this.body(), ...this.tenders(), ...(approval ? { approval } : {}) });
    } catch (error) {
      const problem = asProblem(error);
      const given = problem.code === "approval_required" && !approval ? await askApproval(problem, this.config.approval_reasons) : undefined;
      if (!given) throw problem;
      return this.send(given);
    }
  }

  /** Only a card refund says more than the server already knows: the number of its slip (POS-49). */
  private tenders(): Record<string, unknown> {
    const tenders = this.preview?.tenders ?? [];
    if (!this.slip || !tenders.some((tender) => tender.type === "card")) return {};
    const withSlip = (tender: Refund["tenders"][number]): object => ({
      type: tender.type,
      amount: positive(tender.amount),
      ...(tender.type === "card" ? { reference: this.slip } : {}),
    });
    return { tenders: tenders.map(withSlip) };
  }
}

function restockChoices(line: RefundLine): Array<[string, string]> {
  const stocked: Array<[string, string]> = [["sellable", t("Back to stock")], ["damaged", t("Damaged")]];
  return [...(line.stocked ? stocked : []), ["none", t("No goods return")]];
}

function option(value: string, text: string, chosen: string): TemplateResult {
  return html`<option value=${value} ?selected=${value === chosen}>${text}</option>`;
}

function tenderName(type: string): string {
  const names: Record<string, string> = { cash: t("cash"), card: t("card"), store_credit: t("store credit"), gift_card: t("gift card") };
  return names[type] ?? type.replaceAll("_", " ");
}

function positive(amount: string): string {
  return amount.replace("-", "");
}

customElements.define("lf-refund", RefundElement);

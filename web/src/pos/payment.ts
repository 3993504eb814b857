/** Taking money: cash with quick amounts, card by slip; the dialog stays open until the server has the sale. */
import { askApproval, asProblem, currencyDigits, dialogFoot, fieldView, fromMinor, html, money, nothing, openDialog } from "@lunarfront/ui";
import { problemAlert, quickAmounts, readAmount, roundCash, sound, t, toMinor } from "@lunarfront/ui";
import type { OpenDialog, Problem, TemplateResult } from "@lunarfront/ui";
import type { CartStore } from "./store.ts";
import type { PosConfig, Tender, Transaction } from "./types.ts";

interface Payment {
  title: string;
  due: string;
  act: string;
  body: (payment: PaymentState) => TemplateResult;
  tender: (form: FormData) => Tender | { error: string };
}

interface PaymentState {
  error: string;
  problem: Problem | null;
}

export function payCash(store: CartStore, config: PosConfig, total: string): Promise<Transaction | undefined> {
  const digits = currencyDigits();
  const due = roundCash(toMinor(total, digits), toMinor(config.cash_increment, digits));
  const amounts = quickAmounts(due, config.notes.map((note) => toMinor(note, digits)));
  return pay(store, config, {
    title: t("Cash"),
    due: fromMinor(due, digits),
    act: t("Take cash"),
    body: (state) => cashBody([due, ...amounts], digits, state),
    tender: (form) => cashTender(form, due, digits),
  });
}

export function payCard(store: CartStore, config: PosConfig, total: string): Promise<Transaction | undefined> {
  return pay(store, config, {
    title: t("Card"),
    due: total,
    act: t("Charge {total}", { total: money(total) }),
    body: (state) => fieldView({ name: "reference", label: t("Slip number"), error: state.error || undefined, help: t("Take the card on the terminal, then enter the number of its slip.") }),
    tender: (form) => {
      const reference = String(form.get("reference") ?? "").trim();
      return reference ? { type: "card", amount: total, reference } : { error: t("Enter the number printed on the slip.") };
    },
  });
}

function pay(store: CartStore, config: PosConfig, payment: Payment): Promise<Transaction | undefined> {
  const state: PaymentState = { error: "", problem: null };
  const submit = async (dialog: OpenDialog<Transaction>, form: FormData): Promise<void> => {
    const tender = payment.tender(form);
    Object.assign(state, { error: "error" in tender ? tender.error : "", problem: null });
    if (!("error" in tender)) await complete(store, config, tender, dialog, state);
    if (dialog.element.open) dialog.update();
  };
  return openDialog<Transaction>({
    title: payment.title,
    submit,
    view: (dialog) => html`<div class="dialog-body">
        <p class="pay-due"><span>${t("To pay")}</span><strong>${money(payment.due)}</strong></p>
        ${payment.body(state)} ${problemAlert(state.problem)}
      </div>
      ${dialogFoot(dialog, payment.act)}`,
  });
}

async function complete(store: CartStore, config: PosConfig, tender: Tender, dialog: OpenDialog<Transaction>, state: PaymentState): Promise<void> {
  dialog.busy(true);
  try {
    dialog.close(await sellWithApproval(store, config, tender));
    sound("complete");
  } catch (error) {
    state.problem = asProblem(error);
    sound("refused");
  } finally {
    dialog.busy(false);
  }
}

/** The sale; when a limit is passed, once more with a manager's approval. */
async function sellWithApproval(store: CartStore, config: PosConfig, tender: Tender): Promise<Transaction> {
  try {
    return await store.sell([tender]);
  } catch (error) {
    const problem = asProblem(error);
    const approval = problem.code === "approval_required" ? await askApproval(problem, config.reasons.approval) : undefined;
    if (!approval) throw problem;
    return store.sell([tender], approval);
  }
}

function cashBody(amounts: number[], digits: number, state: PaymentState): TemplateResult {
  const button = (minor: number, index: number): TemplateResult => html`<button type="button" class="btn" data-amount=${fromMinor(minor, digits)} @click=${takeAmount}>
    ${index === 0 ? html`<span>${t("Exact")}</span>` : money(fromMinor(minor, digits))}
  </button>`;
  return html`<div class="quick" role="group" aria-label=${t("Amounts")}>${amounts.map(button)}</div>
    ${fieldView({ name: "tendered", label: t("Cash received"), numeric: true, first: true, error: state.error || undefined, help: t("Empty means the exact amount.") })}
    ${padView()}`;
}

function padView(): TemplateResult {
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "⌫"];
  return html`<div class="pad" role="group" aria-label=${t("Number pad")}>
    ${keys.map((key) => html`<button type="button" class="btn" aria-label=${key === "⌫" ? t("Delete digit") : nothing} @click=${pressPad}>${key}</button>`)}
  </div>`;
}

function takeAmount(event: Event): void {
  const button = event.currentTarget as HTMLElement;
  const form = button.closest("form");
  const field = form?.querySelector<HTMLInputElement>("[name=tendered]");
  if (!field) return;
  field.value = button.dataset["amount"] ?? "";
  form?.requestSubmit();
}

function pressPad(event: Event): void {
  const button = event.currentTarget as HTMLElement;
  const field = button.closest("form")?.querySelector<HTMLInputElement>("[name=tendered]");
  const key = button.textContent?.trim() ?? "";
  if (field) field.value = key === "⌫" ? field.value.slice(0, -1) : field.value + key;
}

function cashTender(form: FormData, due: number, digits: number): Tender | { error: string } {
  const typed = String(form.get("tendered") ?? "").trim();
  const tendered = typed ? readAmount(typed, digits) : fromMinor(due, digits);
  if (tendered === null) return { error: t("Enter an amount.") };
  const missing = due - toMinor(tendered, digits);
  if (missing > 0) return { error: t("{amount} is missing.", { amount: money(fromMinor(missing, digits)) }) };
  return { type: "cash", tendered };
}

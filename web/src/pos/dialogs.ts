/** Questions the register asks: each opens a dialog and answers what was entered, or undefined. */
import { ask, currencyDigits, fieldView, html, openDialog, readAmount, readReason, reasonView, t } from "@lunarfront/ui";
import type { GivenReason, Reason, TemplateResult } from "@lunarfront/ui";
import type { Discount, Item, Line } from "./types.ts";

const text = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();

export function askQuantity(line: Line): Promise<string | undefined> {
  const view = (errors: Record<string, string>): TemplateResult =>
    fieldView({ name: "qty", label: line.item.name, value: line.qty, numeric: true, error: errors["qty"] });
  return ask(t("Quantity"), t("Set quantity"), view, (form) => {
    const qty = text(form, "qty").replace(",", ".");
    return /^\d{1,6}(\.\d{1,3})?$/.test(qty) && Number(qty) > 0 ? { answer: qty } : { errors: { qty: t("Enter a quantity above zero.") } };
  });
}

/** Reads "10%" or "5.00" with its reason; `given` comes from the scan field ("/10%"). */
export function askDiscount(target: string, reasons: Reason[], given = ""): Promise<Discount | undefined> {
  const help = t("A percentage such as 10%, or an amount such as 5.00");
  const view = (errors: Record<string, string>): TemplateResult => html`<p class="muted">${target}</p>
    ${fieldView({ name: "value", label: t("Discount"), value: given, error: errors["value"], help })} ${reasonView(reasons, errors["note"])}`;
  return ask(t("Discount"), t("Give discount"), view, (form) => {
    const typed = text(form, "value");
    const value = readAmount(typed.replace("%", ""), typed.includes("%") ? 4 : currencyDigits());
    if (value === null || Number(value) <= 0) return { errors: { value: t("Enter a percentage or an amount above zero.") } };
    const reason = readReason(form, reasons);
    if ("error" in reason) return { errors: { note: reason.error } };
    return { answer: { type: typed.includes("%") ? "percent" : "amount", value, ...reason } };
  });
}

export function askOverride(line: Line, reasons: Reason[], given = ""): Promise<{ price: string; reason: GivenReason } | undefined> {
  const view = (errors: Record<string, string>): TemplateResult => html`<p class="muted">${line.item.name}</p>
    ${fieldView({ name: "price", label: t("New price"), value: given, numeric: true, error: errors["price"] })} ${reasonView(reasons, errors["note"])}`;
  return ask(t("Change price"), t("Change price"), view, (form) => {
    const price = readAmount(text(form, "price"), currencyDigits());
    if (price === null) return { errors: { price: t("Enter a price.") } };
    const reason = readReason(form, reasons);
    return "error" in reason ? { errors: { note: reason.error } } : { answer: { price, reason } };
  });
}

/** Free price and text of an item without a fixed price (POS-11). */
export function askFreePrice(item: Item): Promise<{ price: string; description: string } | undefined> {
  const view = (errors: Record<string, string>): TemplateResult => html`
    ${fieldView({ name: "description", label: t("Description"), value: item.name, error: errors["description"] })}
    ${fieldView({ name: "price", label: t("Price"), numeric: true, error: errors["price"] })}`;
  return ask(item.name, t("Add to cart"), view, (form) => {
    const price = readAmount(text(form, "price"), currencyDigits());
    const description = text(form, "description");
    if (!description) return { errors: { description: t("Enter a description.") } };
    return price === null ? { errors: { price: t("Enter a price.") } } : { answer: { price, description } };
  });
}

export function askSerial(item: Item): Promise<string | undefined> {
  const view = (errors: Record<string, string>): TemplateResult => html`<p class="muted">${item.name}</p>
    ${fieldView({ name: "serial", label: t("Serial number"), error: errors["serial"], help: t("Scan or type the serial number of the piece you sell."), scan: true })}`;
  return ask(t("Which piece?"), t("Add to cart"), view, (form) => {
    const serial = text(form, "serial");
    return serial ? { answer: serial } : { errors: { serial: t("Enter the serial number.") } };
  });
}

/** Several items share one code (pack barcode, reused label): choose. */
export function askWhich(items: Item[]): Promise<Item | undefined> {
  return openDialog<Item>({
    title: t("Which item?"),
    view: (dialog) => html`<div class="dialog-body">
        ${items.map((item) => html`<button type="button" class="btn btn-block" @click=${() => dialog.close(item)}>${item.name} · ${item.sku}</button>`)}
      </div>
      <div class="dialog-foot"><button type="button" class="btn" @click=${() => dialog.close()}>${t("Cancel")}</button></div>`,
  });
}

const KEYS = (): Array<[string, string]> => [
  ["F2", t("Back to the scan field, empty it")],
  ["Enter", t("Add the selected hit; complete a payment")],
  ["↑ ↓", t("Move in search hits, else in the cart")],
  ["3*", t("Quantity for the next item, then scan or Enter")],
  ["*5", t("Quantity of the selected line")],
  ["+ −", t("One more, one less of the selected line")],
  ["Del", t("Remove the selected line")],
  ["/10%  /5", t("Discount on the selected line")],
  ["//10%", t("Discount on the whole sale")],
  ["=12.50", t("New price for the selected line")],
  ["← →", t("Other category")],
  [".1 – .9", t("First nine tiles")],
  ["F4  @name", t("Find or add the customer; Shift + F4 removes")],
  ["F8", t("Cash")],
  ["F9", t("Card")],
  ["Shift + Del", t("Clear the sale")],
  ["Shift + F2", t("Receipt of the last sale again")],
  ["Esc", t("Close what is on top, else empty the field")],
];

export function showKeys(): Promise<void | undefined> {
  return openDialog<void>({
    title: t("Keyboard"),
    view: () => html`<div class="dialog-body"><table class="keys-table"><tbody>
        ${KEYS().map(([key, does]) => html`<tr><th scope="row"><kbd class="kbd">${key}</kbd></th><td>${does}</td></tr>`)}
      </tbody></table></div>
      <div class="dialog-foot"><button type="submit" class="btn btn-primary">${t("Close")}</button></div>`,
    submit: (dialog) => dialog.close(),
  });
}

/**
 * Adds up counted notes and coins. The fields `denominations[20.00]` come from the server and work as plain number
 * fields; this element gives them steps, the amount of each row and the total (DRW-04), which it also writes into the
 * form's field named by `data-total`.
 */
import { currencyDigits, fromMinor, money, toMinor } from "@lunarfront/ui";

class Denominations extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("input", this.sum);
    this.addEventListener("click", this.onClick);
    this.addEventListener("keydown", this.onKey);
    this.sum();
  }

  disconnectedCallback(): void {
    this.removeEventListener("input", this.sum);
    this.removeEventListener("click", this.onClick);
    this.removeEventListener("keydown", this.onKey);
  }

  private readonly sum = (): void => {
    const digits = currencyDigits();
    const rows = [...this.querySelectorAll<HTMLInputElement>("input[data-value]")];
    const total = rows.reduce((sum, field) => sum + this.row(field, digits), 0);
    this.write("[data-sum]", money(fromMinor(total, digits)));
    this.fill(fromMinor(total, digits), rows.some((field) => field.value !== ""));
  };

  private row(field: HTMLInputElement, digits: number): number {
    const count = /^\d{1,6}$/.test(field.value.trim()) ? Number(field.value) : 0;
    const amount = count * toMinor(field.dataset["value"] ?? "0", digits);
    const output = field.closest("[data-row]")?.querySelector("output") ?? this.querySelector(`output[for="${field.id}"]`);
    if (output) output.textContent = money(fromMinor(amount, digits));
    return amount;
  }

  private fill(total: string, counted: boolean): void {
    const name = this.dataset["total"];
    const field = name ? this.closest("form")?.querySelector<HTMLInputElement>(`[name="${name}"]`) : null;
    if (field && counted) field.value = total;
  }

  private write(selector: string, text: string): void {
    const target = this.querySelector(selector);
    if (target) target.textContent = text;
  }

  private readonly onClick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-step]") : null;
    const field = button?.parentElement?.querySelector("input");
    if (!button || !field) return;
    field.value = String(Math.max(0, Number(field.value || 0) + Number(button.dataset["step"])));
    this.sum();
  };

  /** Enter goes to the next row, as on an adding machine; in the last row it sends the form. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    const rows = [...this.querySelectorAll<HTMLInputElement>("input[data-value]")];
    const next = rows[rows.indexOf(event.target) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  };
}

customElements.define("lf-denominations", Denominations);

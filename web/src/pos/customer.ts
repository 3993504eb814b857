/** Finding, adding and removing the customer of a sale (F4, "@name"). */
import { api, asProblem, dialogFoot, fieldView, html, icon, nothing, openDialog, problemAlert, t } from "@lunarfront/ui";
import type { OpenDialog, Problem, TemplateResult } from "@lunarfront/ui";
import type { Customer } from "./types.ts";

interface Found {
  id: string;
  display_name: string;
  account_number: string;
  phone: string | null;
  email: string | null;
  tax_exempt: boolean;
}

const SEARCH_DELAY_MS = 150;
const HITS = 12;
const FIELDS = ["display_name", "phone", "email"];

class CustomerSearch {
  hits: Found[] | null = null;
  text = "";
  adding = false;
  problem: Problem | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  /** The server thinks that this customer exists: the next try means it (ACT-03). */
  get duplicate(): boolean {
    return this.problem?.code === "possible_duplicate";
  }

  constructor(text: string) {
    this.text = text;
  }

  type(text: string, dialog: OpenDialog<Customer>): void {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.search(dialog), SEARCH_DELAY_MS);
  }

  async search(dialog: OpenDialog<Customer>): Promise<void> {
    const asked = ++this.asked;
    const query = { q: this.text.trim(), limit: HITS };
    try {
      const found = query.q ? (await api<{ items: Found[] }>("GET", "/accounts", undefined, { query })).items : null;
      if (asked === this.asked) Object.assign(this, { hits: found, problem: null });
    } catch (error) {
      this.problem = asProblem(error);
    }
    dialog.update();
  }

  async add(dialog: OpenDialog<Customer>, form: FormData): Promise<void> {
    const given = (name: string): string => String(form.get(name) ?? "").trim();
    const body: Record<string, unknown> = Object.fromEntries(FIELDS.map((name) => [name, given(name)]).filter(([, value]) => value));
    if (!body["phone"] && !body["email"]) body["no_contact"] = true;
    if (this.duplicate) body["confirm_duplicate"] = true;
    dialog.busy(true);
    try {
      dialog.close(customerOf(await api<Found>("POST", "/accounts", body)));
    } catch (error) {
      this.problem = asProblem(error);
      dialog.update();
    } finally {
      dialog.busy(false);
    }
  }
}

function customerOf(found: Found): Customer {
  return { id: found.id, name: found.display_name, number: found.account_number, tax_exempt: found.tax_exempt };
}

/** Answers the chosen or new customer; undefined when nobody was chosen. */
export function askCustomer(text = ""): Promise<Customer | undefined> {
  const search = new CustomerSearch(text);
  return openDialog<Customer>({
    title: t("Customer"),
    view: (dialog) => {
      if (search.text && search.hits === null && !search.problem) queueMicrotask(() => void search.search(dialog));
      return search.adding ? addView(search, dialog) : searchView(search, dialog);
    },
    submit: (dialog, form) => {
      if (search.adding) return search.add(dialog, form);
      const first = search.hits?.[0];
      if (first) dialog.close(customerOf(first));
    },
  });
}

function searchView(search: CustomerSearch, dialog: OpenDialog<Customer>): TemplateResult {
  const typed = (event: Event): void => search.type((event.target as HTMLInputElement).value, dialog);
  const add = (): void => {
    search.adding = true;
    dialog.update();
  };
  return html`<div class="dialog-body">
      <input class="input input-lg" type="search" autofocus .value=${search.text} @input=${typed} aria-label=${t("Name, phone, email or number")} placeholder=${t("Name, phone, email or number")} autocomplete="off" />
      ${problemAlert(search.problem)}
      <div class="stack-sm" aria-live="polite">${hitsView(search, dialog)}</div>
    </div>
    <div class="dialog-foot">
      <button type="button" class="btn" @click=${add}>${icon("user-plus")} ${t("New customer")}</button>
      <button type="button" class="btn end" @click=${() => dialog.close()}>${t("Cancel")}</button>
    </div>`;
}

function hitsView(search: CustomerSearch, dialog: OpenDialog<Customer>): unknown {
  if (search.hits === null) return nothing;
  if (!search.hits.length) return html`<p class="muted">${t("Nobody found.")}</p>`;
  return search.hits.map(
    (found) => html`<button type="button" class="btn btn-block customer-hit" @click=${() => dialog.close(customerOf(found))}>
      <span class="strong">${found.display_name}</span>
      <span class="muted small">${[found.account_number, found.phone, found.email].filter(Boolean).join(" · ")}</span>
    </button>`,
  );
}

function addView(search: CustomerSearch, dialog: OpenDialog<Customer>): TemplateResult {
  const error = (name: string): string | undefined => search.problem?.fieldError(name) || undefined;
  return html`<div class="dialog-body">
      ${problemAlert(search.problem)}
      ${fieldView({ name: "display_name", label: t("Name"), value: search.text, error: error("display_name") })}
      ${fieldView({ name: "phone", label: t("Phone (optional)"), type: "tel", error: error("phone") })}
      ${fieldView({ name: "email", label: t("Email (optional)"), type: "email", error: error("email") })}
    </div>
    ${dialogFoot(dialog, search.duplicate ? t("Add anyway") : t("Add customer"))}`;
}

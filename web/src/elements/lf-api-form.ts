/**
 * A form that speaks to the JSON API: sends its fields, shows a problem at the field it names (UX-09), asks for a
 * manager's approval when a limit is passed (USR-04), and goes on to `data-next` ("{id}" is the answer's id).
 */
import { api, askApproval, asProblem, currencyDigits, html, problemAlert, readAmount, render, t, toast, uuid } from "@lunarfront/ui";
import type { Approval, Problem, Reason, RequestOptions, TemplateResult } from "@lunarfront/ui";
import { formPayload, type Json } from "../form-data.ts";

class ApiForm extends HTMLElement {
  private key = uuid();
  private sent = "";

  connectedCallback(): void {
    this.addEventListener("submit", this.onSubmit);
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.onSubmit);
  }

  private readonly onSubmit = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (form.method === "dialog") return;
    event.preventDefault();
    void this.send(form, event.submitter);
  };

  private async send(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
    this.clear(form);
    this.busy(button, true);
    try {
      this.goOn(await this.request(form));
    } catch (error) {
      this.show(form, asProblem(error));
      this.busy(button, false);
    }
  }

  private async request(form: HTMLFormElement, approval?: Approval): Promise<Record<string, unknown>> {
    const body = { ...this.fixed(), ...formPayload(form, (typed) => readAmount(typed, currencyDigits())), ...(approval ? { approval } : {}) };
    try {
      return (await api<Record<string, unknown>>(this.dataset["method"] ?? "POST", this.dataset["path"] ?? "", body, this.options(body))) ?? {};
    } catch (error) {
      const problem = asProblem(error);
      const given = problem.code === "approval_required" && !approval ? await askApproval(problem, this.reasons()) : undefined;
      if (!given) throw problem;
      return this.request(form, given);
    }
  }

  /** Parts of the body that no field shows. */
  private fixed(): Record<string, Json> {
    return JSON.parse(this.dataset["body"] ?? "{}") as Record<string, Json>;
  }

  private reasons(): Reason[] {
    return JSON.parse(this.dataset["reasons"] ?? "[]") as Reason[];
  }

  private options(body: unknown): RequestOptions {
    const version = this.dataset["version"];
    return { idempotencyKey: this.keyFor(body), ...(version ? { version } : {}) };
  }

  private keyFor(body: unknown): string {
    const text = JSON.stringify(body);
    if (text !== this.sent) this.key = uuid();
    this.sent = text;
    return this.key;
  }

  private goOn(answer: Record<string, unknown>): void {
    this.dispatchEvent(new CustomEvent("lf-saved", { detail: answer, bubbles: true }));
    const next = this.dataset["next"];
    if (next) location.assign(next.replace("{id}", String(answer["id"] ?? "")));
    else if (this.dataset["done"]) toast(this.dataset["done"]);
  }

  /** Somebody saved meanwhile: nobody's text is lost, each difference can be taken over, saving again means it. */
  private async conflict(form: HTMLFormElement, problem: Problem): Promise<void> {
    const theirs = await api<Record<string, unknown>>("GET", this.dataset["path"] ?? "");
    this.dataset["version"] = String(theirs["version"] ?? "");
    render([problemAlert(problem), differences(form, theirs)], this.summary(form));
    this.summary(form).focus();
  }

  private show(form: HTMLFormElement, problem: Problem): void {
    if (problem.code === "version_conflict" && this.dataset["version"]) {
      void this.conflict(form, problem).catch((error: unknown) => this.tell(form, asProblem(error)));
      return;
    }
    this.tell(form, problem);
  }

  private tell(form: HTMLFormElement, problem: Problem): void {
    const left = problem.errors.filter((error) => !mark(form, error.field, error.message));
    const shown = Object.assign(Object.create(Object.getPrototypeOf(problem)), problem, { errors: left }) as Problem;
    render(problemAlert(shown), this.summary(form));
    (form.querySelector<HTMLElement>("[aria-invalid=true]") ?? this.summary(form)).focus();
  }

  private summary(form: HTMLFormElement): HTMLElement {
    const given = form.querySelector<HTMLElement>("[data-problem]");
    if (given) return given;
    const made = document.createElement("div");
    made.dataset["problem"] = "";
    made.tabIndex = -1;
    form.prepend(made);
    return made;
  }

  private clear(form: HTMLFormElement): void {
    for (const field of form.querySelectorAll("[aria-invalid=true]")) field.setAttribute("aria-invalid", "false");
    for (const note of form.querySelectorAll(".field-error[data-made]")) note.remove();
    render(problemAlert(null), this.summary(form));
  }

  private busy(button: HTMLElement | null, running: boolean): void {
    if (!(button instanceof HTMLButtonElement)) return;
    button.disabled = running;
    button.setAttribute("aria-busy", String(running));
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A table of what differs: the field, yours, theirs, and a button that takes theirs. */
function differences(form: HTMLFormElement, theirs: Record<string, unknown>): TemplateResult {
  const fields = ([...form.elements] as Field[]).filter((field) => field.name in theirs && valueOf(field) !== shown(theirs[field.name]));
  const take = (field: Field) => (): void => {
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = Boolean(theirs[field.name]);
    else field.value = shown(theirs[field.name]);
    field.focus();
  };
  return html`<div class="table-wrap"><table class="table table-tight">
    <thead><tr><th scope="col">${t("Field")}</th><th scope="col">${t("Yours")}</th><th scope="col">${t("Saved meanwhile")}</th><th></th></tr></thead>
    <tbody>
      ${fields.map((field) => html`<tr>
        <th scope="row">${field.labels?.[0]?.textContent?.trim() ?? field.name}</th><td>${valueOf(field)}</td><td>${shown(theirs[field.name])}</td>
        <td><button type="button" class="btn btn-sm" @click=${take(field)}>${t("Take theirs")}</button></td>
      </tr>`)}
    </tbody>
  </table></div>`;
}

function valueOf(field: Field): string {
  return field instanceof HTMLInputElement && field.type === "checkbox" ? String(field.checked) : field.value.trim();
}

function shown(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** Puts the message under its field; false when the form has no such field. */
function mark(form: HTMLFormElement, name: string, message: string): boolean {
  const field = [...form.elements].find((entry) => (entry as HTMLInputElement).name === name) as HTMLInputElement | undefined;
  if (!field || field.type === "hidden") return false;
  const note = document.createElement("p");
  note.className = "field-error";
  note.dataset["made"] = "";
  note.id = `${field.id || name}-error`;
  note.textContent = message;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", note.id);
  (field.closest(".field") ?? field.parentElement)?.append(note);
  return true;
}

customElements.define("lf-api-form", ApiForm);

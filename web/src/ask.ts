/** Small forms in a dialog: fields with their errors, reasons, and a manager's approval. */
import { html, nothing, type TemplateResult } from "lit";
import type { Problem } from "./api.ts";
import { dialogFoot, openDialog, type OpenDialog } from "./dialog.ts";
import { problemAlert } from "./element.ts";
import { t } from "./i18n.ts";

export interface Reason {
  code: string;
  name: string;
  /** True when this reason says nothing without a note. */
  needs_note?: boolean;
}

/** A reason as the API takes it. */
export interface GivenReason {
  reason_code: string;
  note?: string;
}

/** A manager's consent to one act (USR-04), as the API takes it. */
export interface Approval extends GivenReason {
  user: string;
  pin: string;
}

export interface FieldView {
  name: string;
  label: string;
  value?: string;
  error?: string | undefined;
  help?: string;
  numeric?: boolean;
  type?: string;
  /** A scan fills this field and sends the form. */
  scan?: boolean;
  /** First focus of the dialog; not where a finger would then get an on-screen keyboard. */
  first?: boolean;
}

function text(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}

/** One labelled field of a dialog, its error tied to it. */
export function fieldView(field: FieldView): TemplateResult {
  const id = `ask-${field.name}`;
  return html`<div class="field">
    <label for=${id}>${field.label}</label>
    <input
      class="input input-lg ${field.numeric ? "num" : ""}"
      id=${id}
      name=${field.name}
      type=${field.type ?? "text"}
      inputmode=${field.numeric ? "decimal" : nothing}
      value=${field.value ?? ""}
      autocomplete="off"
      aria-invalid=${Boolean(field.error)}
      aria-describedby="${id}-note"
      data-scan=${field.scan ? "submit" : nothing}
      ?autofocus=${field.first && matchMedia("(pointer: fine)").matches}
    />
    <span id="${id}-note" class=${field.error ? "field-error" : "field-help"}>${field.error ?? field.help ?? nothing}</span>
  </div>`;
}

export function reasonView(reasons: Reason[], error = ""): TemplateResult {
  return html`<div class="field">
      <label for="ask-reason">${t("Reason")}</label>
      <select class="select input-lg" id="ask-reason" name="reason">
        ${reasons.map((reason) => html`<option value=${reason.code}>${reason.name}</option>`)}
      </select>
    </div>
    ${fieldView({ name: "note", label: t("Note (optional)"), error: error || undefined })}`;
}

/** The chosen reason, or the message that its note is missing. */
export function readReason(form: FormData, reasons: Reason[]): GivenReason | { error: string } {
  const reason_code = text(form, "reason");
  const note = text(form, "note");
  const missing = !note && reasons.find((reason) => reason.code === reason_code)?.needs_note;
  if (missing) return { error: t("This reason needs a note.") };
  return { reason_code, ...(note ? { note } : {}) };
}

/** Opens a dialog of fields; `read` turns the form into the answer or gives the messages by field. */
export function ask<T>(
  title: string,
  act: string,
  view: (errors: Record<string, string>) => unknown,
  read: (form: FormData) => { answer: T } | { errors: Record<string, string> },
): Promise<T | undefined> {
  let errors: Record<string, string> = {};
  const submit = (dialog: OpenDialog<T>, form: FormData): void => {
    const result = read(form);
    if ("answer" in result) return dialog.close(result.answer);
    errors = result.errors;
    dialog.update();
    dialog.element.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  };
  return openDialog<T>({ title, submit, view: (dialog) => html`<div class="dialog-body">${view(errors)}</div>${dialogFoot(dialog, act)}` });
}

/** A manager lends the right to this one act (USR-04) without anybody signing out. */
export function askApproval(cause: Problem, reasons: Reason[]): Promise<Approval | undefined> {
  const view = (errors: Record<string, string>): TemplateResult => html`${problemAlert(cause)}
    ${fieldView({ name: "user", label: t("Approver's email or staff number"), error: errors["user"] })}
    ${fieldView({ name: "pin", label: t("Approver's PIN"), type: "password", error: errors["pin"] })}
    ${reasonView(reasons, errors["note"])}`;
  return ask(t("Manager approval"), t("Approve"), view, (form) => {
    const [user, pin] = [text(form, "user"), text(form, "pin")];
    if (!user) return { errors: { user: t("Enter who approves.") } };
    if (!pin) return { errors: { pin: t("Enter the PIN.") } };
    const reason = readReason(form, reasons);
    return "error" in reason ? { errors: { note: reason.error } } : { answer: { user, pin, ...reason } };
  });
}

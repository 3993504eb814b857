import { html, nothing, render, type TemplateResult } from "lit";
import { t } from "./i18n.ts";

export interface DialogOptions<T> {
  title: string;
  wide?: boolean;
  /** Body and foot; called again by `update`. */
  view: (dialog: OpenDialog<T>) => TemplateResult;
  /** Enter, or the submit button. */
  submit?: (dialog: OpenDialog<T>, form: FormData) => void | Promise<void>;
}

/** A modal dialog that is open; `close` gives the result to the one who opened it. */
export interface OpenDialog<T> {
  readonly element: HTMLDialogElement;
  close(result?: T): void;
  update(): void;
  busy(running: boolean): void;
}

let count = 0;

/** Opens a modal dialog and waits for its result; undefined when it was left by Esc or Cancel. */
export function openDialog<T>(options: DialogOptions<T>): Promise<T | undefined> {
  const element = document.createElement("dialog");
  element.className = options.wide ? "dialog dialog-wide" : "dialog";
  const titleId = `dialog-title-${++count}`;
  element.setAttribute("aria-labelledby", titleId);
  document.body.append(element);
  return new Promise((resolve) => {
    let result: T | undefined;
    const dialog: OpenDialog<T> = {
      element,
      close: (value) => {
        result = value;
        element.close();
      },
      update: () => draw(options, dialog, titleId),
      busy: (running) => setBusy(element, running),
    };
    element.addEventListener("close", () => {
      element.remove();
      resolve(result);
    });
    dialog.update();
    element.showModal();
  });
}

function draw<T>(options: DialogOptions<T>, dialog: OpenDialog<T>, titleId: string): void {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void options.submit?.(dialog, new FormData(event.target as HTMLFormElement));
  };
  render(
    html`<form class="dialog-form" @submit=${onSubmit} novalidate>
      <div class="dialog-head"><h2 id=${titleId}>${options.title}</h2></div>
      ${options.view(dialog)}
    </form>`,
    dialog.element,
  );
}

function setBusy(element: HTMLDialogElement, running: boolean): void {
  for (const button of element.querySelectorAll<HTMLButtonElement>("button[type=submit]")) {
    button.disabled = running;
    button.setAttribute("aria-busy", String(running));
  }
}

/** Foot of a dialog: Cancel and the act, named after what it does (UX-10). */
export function dialogFoot<T>(dialog: OpenDialog<T>, act: string, tone = "primary", extra: unknown = nothing): TemplateResult {
  return html`<div class="dialog-foot">
    ${extra}
    <button type="button" class="btn" @click=${() => dialog.close()}>${t("Cancel")}</button>
    <button type="submit" class="btn btn-${tone}">${act}</button>
  </div>`;
}

/** Asks before something that cannot be undone; true when the act was chosen. */
export async function confirmDialog(title: string, effect: string, act: string): Promise<boolean> {
  const answer = await openDialog<boolean>({
    title,
    view: (dialog) => html`<div class="dialog-body"><p>${effect}</p></div>
      ${dialogFoot(dialog, act, "danger")}`,
    submit: (dialog) => dialog.close(true),
  });
  return answer ?? false;
}

/** Every staff page: htmx, elements on demand, theme, dialogs, connection state, scans, signed-out dialog. */
import "htmx.org";
import { dialogFoot, html, listenForScans, openDialog, SCAN_DEFAULTS, t } from "@lunarfront/ui";

/** Elements are fetched when a page, or a part that htmx put into it, has their tag. */
const ELEMENTS: Record<string, () => Promise<unknown>> = {
  "lf-pos": () => import("./pos/lf-pos.ts"),
  "lf-denominations": () => import("./elements/lf-denominations.ts"),
  "lf-api-form": () => import("./elements/lf-api-form.ts"),
  "lf-refund": () => import("./elements/lf-refund.ts"),
};

const YEAR_SECONDS = 31_536_000;

function loadElements(): void {
  for (const [tag, load] of Object.entries(ELEMENTS)) if (document.querySelector(`${tag}:not(:defined)`)) void load();
}

function watchElements(): void {
  loadElements();
  for (const event of ["htmx:after:swap", "lf-load"]) document.addEventListener(event, loadElements);
}

/** The choice is stored in the cookie that the server reads for the first paint (UX-17). */
function choose(name: "theme" | "density", value: string): void {
  const root = document.documentElement;
  if (value === "system" || value === "comfortable") delete root.dataset[name];
  else root.dataset[name] = value;
  document.cookie = `lf_${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  for (const item of document.querySelectorAll<HTMLElement>(`[data-choose="${name}"]`)) {
    item.setAttribute("aria-checked", String(item.dataset["value"] === value));
  }
}

function onClick(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const choice = target?.closest<HTMLElement>("[data-choose]");
  if (choice) choose(choice.dataset["choose"] as "theme" | "density", choice.dataset["value"] ?? "");
  const opener = target?.closest<HTMLElement>("[data-dialog]");
  if (opener) document.querySelector<HTMLDialogElement>(`#${opener.dataset["dialog"]}`)?.showModal();
  if (target?.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  if (target?.closest("[data-reload]")) location.reload();
}

/** Running forms answer at once (UX-08): their button is off and shows it, a second click cannot send twice. */
function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  const button = event.submitter;
  if (button instanceof HTMLButtonElement) queueMicrotask(() => markBusy(button));
}

function markBusy(button: HTMLButtonElement): void {
  button.setAttribute("aria-busy", "true");
  setTimeout(() => (button.disabled = true));
}

/** Filters that change by choosing send themselves; without scripts their button does it. */
function onChange(event: Event): void {
  const field = event.target as HTMLElement;
  if (field.matches("form[data-auto-submit] select, form[data-auto-submit] input[type=date]")) {
    (field as HTMLSelectElement).form?.requestSubmit();
  }
}

function showNetState(event: Event): void {
  const { online } = (event as CustomEvent<{ online: boolean }>).detail;
  for (const badge of document.querySelectorAll<HTMLElement>(".net-state")) {
    const state = online ? "online" : "offline";
    if (badge.dataset["state"] === state) continue;
    badge.dataset["state"] = state;
    const label = badge.querySelector(".net-label");
    if (label) label.textContent = online ? t("Online") : t("No connection");
  }
}

let signInOpen = false;

/** Sign-in expiry keeps the page and what was typed in it (UX-24). */
async function signedOut(): Promise<void> {
  if (signInOpen) return;
  signInOpen = true;
  await openDialog({
    title: t("You are signed out"),
    view: (dialog) => html`<div class="dialog-body">
        <p>${t("Sign in again in the new tab, then come back: this page is as you left it.")}</p>
        <p><a class="btn btn-primary btn-block" href="/login" target="_blank">${t("Sign in")}</a></p>
      </div>
      ${dialogFoot(dialog, t("Continue"))}`,
    submit: (dialog) => dialog.close(),
  });
  signInOpen = false;
}

function scanOptions(): typeof SCAN_DEFAULTS {
  const { scanGap, scanLength } = document.documentElement.dataset;
  return {
    ...SCAN_DEFAULTS,
    gapMs: Number(scanGap) || SCAN_DEFAULTS.gapMs,
    minLength: Number(scanLength) || SCAN_DEFAULTS.minLength,
  };
}

document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
document.addEventListener("change", onChange);
document.addEventListener("lf-net", showNetState);
document.addEventListener("lf-signed-out", () => void signedOut());
listenForScans(scanOptions());
watchElements();

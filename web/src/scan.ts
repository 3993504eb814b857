/** Barcode scanners type fast: keys within `gapMs` of each other, at least `minLength`, ended by Enter or Tab. */

export interface ScanOptions {
  gapMs: number;
  minLength: number;
  endKeys: readonly string[];
}

export const SCAN_DEFAULTS: ScanOptions = { gapMs: 50, minLength: 4, endKeys: ["Enter", "Tab"] };

export type ScanStep = { kind: "typed"; first: boolean } | { kind: "scan"; code: string } | { kind: "other" };

/** Tells scans from typing by key and time (ms); holds no page state, so it can be tested without a browser. */
export class ScanBuffer {
  private readonly options: ScanOptions;
  private keys = "";
  private last = Number.NEGATIVE_INFINITY;

  constructor(options: ScanOptions = SCAN_DEFAULTS) {
    this.options = options;
  }

  push(key: string, at: number): ScanStep {
    const fast = at - this.last <= this.options.gapMs;
    if (this.options.endKeys.includes(key)) return this.end(fast);
    if ([...key].length !== 1) return { kind: "other" };
    this.last = at;
    this.keys = fast ? this.keys + key : key;
    return { kind: "typed", first: !fast };
  }

  private end(fast: boolean): ScanStep {
    const code = this.keys;
    this.keys = "";
    this.last = Number.NEGATIVE_INFINITY;
    return fast && code.length >= this.options.minLength ? { kind: "scan", code } : { kind: "other" };
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement;
interface Snapshot {
  field: Field;
  value: string;
}

/** Listens on the whole page (UX-07): a scan leaves the focused field as it was and becomes one `lf-scan` event. */
export function listenForScans(options: ScanOptions = SCAN_DEFAULTS): void {
  const buffer = new ScanBuffer(options);
  let before: Snapshot | undefined;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const step = buffer.push(event.key, event.timeStamp);
    if (step.kind === "typed" && step.first) before = snapshot(event.target);
    if (step.kind !== "scan") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    restore(before);
    deliver(step.code);
  };
  window.addEventListener("keydown", onKey, { capture: true });
}

function snapshot(target: EventTarget | null): Snapshot | undefined {
  const editable = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return editable ? { field: target, value: target.value } : undefined;
}

function restore(before: Snapshot | undefined): void {
  if (!before || before.field.value === before.value) return;
  before.field.value = before.value;
  before.field.dispatchEvent(new Event("input", { bubbles: true }));
}

function deliver(code: string): void {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const field = (dialog ?? document).querySelector<HTMLInputElement>("input[data-scan]");
  if (field) return fill(field, code);
  const detail = { code, refused: Boolean(dialog) };
  document.dispatchEvent(new CustomEvent("lf-scan", { detail }));
}

function fill(field: HTMLInputElement, code: string): void {
  field.value = code;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  if (field.dataset["scan"] === "submit") field.form?.requestSubmit();
}

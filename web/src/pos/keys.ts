/** Keys of the register outside the text itself (frontend.md §7); dialogs keep their own keys. */
import type { Register } from "./lf-pos.ts";

type Act = (register: Register) => void;

const ALWAYS: Record<string, Act> = {
  F2: (register) => {
    register.reset();
    register.home();
  },
  "Shift+F2": (register) => {
    if (register.lastSaleId) window.open(`/orders/${register.lastSaleId}/receipt?print=1`, "_blank", "noopener");
  },
  F4: (register) => register.chooseCustomer(),
  "Shift+F4": (register) => register.store.setCustomer(null),
  F8: (register) => register.payCash(),
  F9: (register) => register.payCard(),
  "Shift+Delete": (register) => register.clearSale(),
  Escape: (register) => escape(register),
};

const IN_LISTS: Record<string, Act> = {
  ArrowDown: (register) => move(register, 1),
  ArrowUp: (register) => move(register, -1),
  PageDown: (register) => move(register, 6),
  PageUp: (register) => move(register, -6),
};

const IN_EMPTY_FIELD: Record<string, Act> = {
  Home: (register) => move(register, Number.NEGATIVE_INFINITY),
  End: (register) => move(register, Number.POSITIVE_INFINITY),
  ArrowRight: (register) => category(register, 1),
  ArrowLeft: (register) => category(register, -1),
  Delete: (register) => {
    if (register.store.selected) register.removeLine(register.store.selected);
  },
};

/** One key press of the page; the scan field is the home of every printable key (focus rule of §7). */
export function handleKey(register: Register, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const act = ALWAYS[`${event.shiftKey ? "Shift+" : ""}${event.key}`] ?? localAct(register, event);
  if (act) {
    event.preventDefault();
    return act(register);
  }
  const editable = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
  if (!editable && [...event.key].length === 1 && event.key !== " ") register.field?.focus();
}

function localAct(register: Register, event: KeyboardEvent): Act | undefined {
  const inField = event.target === register.field;
  const nowhere = event.target === document.body;
  if (event.key === "Enter") return inField || nowhere ? enter : undefined;
  if (!inField && !nowhere) return undefined;
  if (event.shiftKey) return undefined;
  return IN_LISTS[event.key] ?? (register.text ? undefined : IN_EMPTY_FIELD[event.key]);
}

function enter(register: Register): void {
  if (register.done && !register.text) register.nextSale();
  else register.submit();
}

function escape(register: Register): void {
  if (register.cartOpen) register.closeCart();
  else register.reset();
  register.home();
}

function move(register: Register, by: number): void {
  if (register.hits?.length) {
    register.hitIndex = clamp(register.hitIndex + by, register.hits.length);
    register.redraw();
    return;
  }
  const { lines, selected } = register.store;
  const at = selected ? lines.indexOf(selected) : by > 0 ? -1 : lines.length;
  register.store.select(lines[clamp(at + by, lines.length)]?.key);
}

function category(register: Register, by: number): void {
  const at = register.categories.findIndex((entry) => entry.id === register.categoryId);
  const next = register.categories[clamp(at + by, register.categories.length)];
  if (next) register.showCategory(next.id);
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}

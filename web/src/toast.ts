import { t } from "./i18n.ts";

const SHOWN_MS = 4000;

/** Says that something worked (UX-09), for 4 s; with `undo` it carries a button. Errors never go here. */
export function toast(text: string, undo?: () => void): void {
  const host = document.getElementById("toasts");
  if (!host) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.append(text);
  const close = (): void => {
    note.remove();
    if (!host.childElementCount && host.matches(":popover-open")) host.hidePopover();
  };
  if (undo) note.append(undoButton(undo, close));
  host.append(note);
  if (!host.matches(":popover-open")) host.showPopover();
  setTimeout(close, undo ? SHOWN_MS * 2 : SHOWN_MS);
}

function undoButton(undo: () => void, close: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = t("Undo");
  button.addEventListener("click", () => {
    undo();
    close();
  });
  return button;
}

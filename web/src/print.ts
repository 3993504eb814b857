/**
 * Print pages: the button prints, and `?print=1` prints by itself. A receipt is recorded first, and the answer says
 * whether this is a copy (POS-21); without an answer it is printed as it is: paper is never held back.
 */
import { uuid } from "./uuid.ts";

async function record(sheet: HTMLElement): Promise<void> {
  const path = sheet.dataset["record"];
  if (!path) return;
  const headers = { "Content-Type": "application/json", "Idempotency-Key": uuid() };
  const answer = await fetch(path, { method: "POST", headers, body: "{}" });
  if (!answer.ok) return;
  const { kind } = (await answer.json()) as { kind?: string };
  for (const mark of sheet.querySelectorAll<HTMLElement>("[data-copy]")) mark.hidden = kind !== "duplicate";
}

async function printSheet(): Promise<void> {
  const sheet = document.querySelector<HTMLElement>("[data-record]");
  if (sheet) await record(sheet).catch(() => undefined);
  print();
}

document.querySelector("[data-print]")?.addEventListener("click", () => void printSheet());
if (new URLSearchParams(location.search).has("print")) addEventListener("load", () => void printSheet());

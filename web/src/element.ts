import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Problem } from "./api.ts";
import { t } from "./i18n.ts";

/** Base of all elements: light DOM, so the page's style sheet, forms and labels apply. */
export class LfElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** Icon of the sprite; decorative, the text beside it says the same. */
export function icon(name: string, extra = ""): TemplateResult {
  const sprite = document.documentElement.dataset["icons"] ?? "";
  return html`<svg class="icon ${extra}" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

/** A problem next to its cause (UX-09): what happened, what was wrong where, and the request id. */
export function problemAlert(problem: Problem | null): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  return html`<div class="alert" data-tone="bad" role="alert">
    ${icon("alert-circle")}
    <div>
      <p class="alert-title">${problem.title || t("This was refused")}</p>
      ${problem.detail && problem.detail !== problem.title ? html`<p>${problem.detail}</p>` : nothing}
      ${problem.errors.map((error) => html`<p>${error.message}</p>`)}
      ${problem.requestId ? html`<p class="request-id">${t("Request {id}", { id: problem.requestId })}</p>` : nothing}
    </div>
  </div>`;
}

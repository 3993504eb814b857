/** "@lunarfront/ui": the shared module of core and modules; its exports follow semantic versions with the SDK. */
import { loadCatalog } from "./i18n.ts";

export { html, LitElement, nothing, render, svg, type PropertyValues, type TemplateResult } from "lit";
export { live } from "lit/directives/live.js";
export { repeat } from "lit/directives/repeat.js";
export { api, asProblem, Problem, type FieldError, type RequestOptions } from "./api.ts";
export { ask, askApproval, fieldView, readReason, reasonView, type Approval, type FieldView, type GivenReason, type Reason } from "./ask.ts";
export { contribute, contributed, type Contribution, type Place } from "./contribute.ts";
export { confirmDialog, dialogFoot, openDialog, type DialogOptions, type OpenDialog } from "./dialog.ts";
export { icon, LfElement, problemAlert } from "./element.ts";
export { t, tn } from "./i18n.ts";
export { currencyDigits, extend, fromMinor, money, quantity, quickAmounts, readAmount, roundCash, toMinor } from "./money.ts";
export { listenForScans, SCAN_DEFAULTS, ScanBuffer, type ScanOptions, type ScanStep } from "./scan.ts";
export { sound } from "./sound.ts";
export { uuid } from "./uuid.ts";
export { toast } from "./toast.ts";

await loadCatalog();

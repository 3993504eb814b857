/** The JSON API for scripts: session cookie, problem+json as exceptions, idempotency keys. */
import { t } from "./i18n.ts";

export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** A refused request (RFC 9457). `code` is one of the listed codes, or "network" when no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors: FieldError[];
  readonly members: Record<string, unknown>;

  constructor(status: number, members: Record<string, unknown>) {
    const text = (name: string): string => (typeof members[name] === "string" ? (members[name] as string) : "");
    super(text("detail") || text("title"));
    this.status = status;
    this.code = text("code");
    this.title = text("title");
    this.detail = text("detail");
    this.requestId = text("request_id");
    this.errors = Array.isArray(members["errors"]) ? (members["errors"] as FieldError[]) : [];
    this.members = members;
  }

  /** The message of one field, also of its parts: fieldError("lines[0]") finds "lines[0].qty". */
  fieldError(field: string): string {
    return this.errors.find((error) => error.field === field || error.field.startsWith(`${field}.`))?.message ?? "";
  }
}

export interface RequestOptions {
  query?: Record<string, string | number | undefined>;
  idempotencyKey?: string;
  /** The version that was edited, sent as If-Match (OCC-01). */
  version?: string;
  signal?: AbortSignal;
}

/** Calls `/api/v1{path}`; answers the decoded JSON (undefined for 204); throws Problem for everything refused. */
export async function api<T>(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, body, options);
  netState(true);
  if (response.status === 204) return undefined as T;
  const json = response.headers.get("content-type")?.includes("json") ?? false;
  const answer: unknown = json ? await response.json() : {};
  if (!response.ok) throw refused(response, answer as Record<string, unknown>);
  return answer as T;
}

async function send(method: string, path: string, body: unknown, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const terminal = document.documentElement.dataset["terminal"];
  if (terminal) headers["X-Terminal-Id"] = terminal;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (options.version) headers["If-Match"] = `"${options.version}"`;
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(`/api/v1${path}${queryString(options.query)}`, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    netState(false);
    throw new Problem(0, {
      code: "network",
      title: t("No connection"),
      detail: t("The server did not answer. Nothing is lost: check the connection and try again."),
    });
  }
}

function refused(response: Response, members: Record<string, unknown>): Problem {
  const requestId = members["request_id"] ?? response.headers.get("x-request-id") ?? "";
  const title = members["title"] ?? t("The server could not do this");
  const problem = new Problem(response.status, { ...members, title, request_id: requestId });
  if (response.status === 401) document.dispatchEvent(new CustomEvent("lf-signed-out"));
  return problem;
}

function queryString(query: RequestOptions["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

function netState(online: boolean): void {
  document.dispatchEvent(new CustomEvent("lf-net", { detail: { online } }));
}

/** Any thrown value as a Problem, so that every failure can be shown the same way. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, { code: "script", title: t("Something went wrong on this page"), detail: String(error) });
}

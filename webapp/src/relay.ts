/** Speaks to the relay that served this page, or that the page names, over signed requests (docs/PROTOCOL.md, section 10). */
import type { Bytes } from "./protocol/bytes.ts";
import { Answered, Offline } from "./faults.ts";
import { heardFromRelay, relayTime } from "./time.ts";

const PATIENCE = 25_000;

interface Request {
  method: string;
  url: URL;
  body: Bytes | undefined;
}

/** The headers by which the relay knows a device, for a request at `created` by the relay's clock (self.ts). */
export type Sign = (request: Request, created: number) => Record<string, string>;

/** What is under way. */
const calls = new Set<AbortController>();

/** Ends every call that is under way: to whoever waits for it, there is no network. */
export function hangUp(): void {
  for (const each of calls) each.abort();
}

/** The relay's address in a page that is served from elsewhere (`qasid export-webapp`), and undefined in any other. */
const elsewhere = document.documentElement.dataset["relay"];
const base = new URL("/v1/", elsewhere ?? window.location.href);

/** One request; JSON for a string body, octets for bytes. Throws Offline or Answered. */
export async function call(method: string, path: string, sign?: Sign, body?: string | Bytes): Promise<unknown> {
  const url = new URL(path, base);
  const octets = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const headers: Record<string, string> = {};
  if (octets) headers["Content-Type"] = typeof body === "string" ? "application/json" : "application/octet-stream";
  if (sign) Object.assign(headers, sign({ method, url, body: octets }, relayTime()));
  const giveUp = new AbortController();
  calls.add(giveUp);
  const timer = setTimeout(() => {
    giveUp.abort();
  }, PATIENCE);
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: octets ?? null,
      signal: giveUp.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const text = await response.text();
    if (response.ok) return text === "" ? null : (JSON.parse(text) as unknown);
    throw new Answered(response.status, codeOf(text), Number(response.headers.get("Retry-After")) || 0);
  } catch (error) {
    if (error instanceof Answered) throw error;
    throw new Offline();
  } finally {
    clearTimeout(timer);
    calls.delete(giveUp);
  }
}

function codeOf(text: string): string {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === "string" ? code : "";
  } catch {
    return "";
  }
}

/** Sets the app's clock by the relay's. */
export async function syncTime(): Promise<void> {
  const answer = await call("GET", "time");
  const relayNow = (answer as { now?: unknown } | null)?.now;
  if (typeof relayNow === "number" && Number.isSafeInteger(relayNow)) heardFromRelay(relayNow);
}

/** Speaks to the relay that served this page, or that the page names, over signed requests (docs/PROTOCOL.md, section 10). */
import type { Bytes } from "./protocol/bytes.ts";
import { Answered, Offline } from "./faults.ts";
import { heardFromRelay, relayTime } from "./time.ts";

const PATIENCE = 25_000;
/** How often is asked what changes nothing: a line that loses one request may well carry the next. */
const TRIES = 3;

interface Request {
  method: string;
  url: URL;
  body: Bytes | undefined;
}

/** The headers by which the relay knows a device, for a request at `created` by the relay's clock (self.ts). */
export type Sign = (request: Request, created: number) => Record<string, string>;

/** Bytes since the page was opened, as far as a page can tell: what is sent and answered, and what goes before it. */
export const traffic = { up: 0, down: 0 };
/** What the lines before a request, and before an answer, come to. */
const [ASKING, ANSWERING] = [1_000, 500];

/** What is under way. */
const calls = new Set<AbortController>();

/** Ends every call that is under way: to whoever waits for it, there is no network. */
export function hangUp(): void {
  for (const each of calls) each.abort();
}

/** The relay's address in a page that is served from elsewhere (`qasid export-webapp`), and undefined in any other. */
const elsewhere = document.documentElement.dataset["relay"];
const base = new URL("/v1/", elsewhere ?? window.location.href);

/** One request; JSON for a string body, octets for bytes. Answers JSON. Throws Offline or Answered. */
export async function call(method: string, path: string, sign?: Sign, body?: string | Bytes): Promise<unknown> {
  const answer = await fetchBytes(method, path, sign, body);
  try {
    return parse(answer);
  } catch {
    throw new Offline(); // Not the relay's answer.
  }
}

/** The same, and answers the bytes as they are. */
export async function fetchBytes(
  method: string,
  path: string,
  sign?: Sign,
  body?: string | Bytes,
  tries = method === "GET" ? TRIES : 1,
): Promise<Bytes> {
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
  traffic.up += ASKING + (octets?.length ?? 0);
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
    const bytes = new Uint8Array(await response.arrayBuffer());
    traffic.down += ANSWERING + bytes.length;
    if (response.ok) return bytes;
    throw new Answered(response.status, codeOf(bytes), Number(response.headers.get("Retry-After")) || 0);
  } catch (error) {
    if (error instanceof Answered) throw error;
    if (tries === 1 || giveUp.signal.aborted) throw new Offline();
  } finally {
    clearTimeout(timer);
    calls.delete(giveUp);
  }
  return fetchBytes(method, path, sign, body, tries - 1);
}

/** Null for an empty answer. */
function parse(answer: Bytes): unknown {
  return JSON.parse(new TextDecoder().decode(answer) || "null");
}

function codeOf(answer: Bytes): string {
  try {
    const { code } = parse(answer) as { code?: unknown };
    return typeof code === "string" ? code : "";
  } catch {
    return "";
  }
}

/** Sets the app's clock by the relay's. Returns by how many seconds it was wrong. Throws Offline or Answered. */
export async function syncTime(): Promise<number> {
  const answer = await call("GET", "time");
  const relayNow = (answer as { now?: unknown } | null)?.now;
  return typeof relayNow === "number" && Number.isSafeInteger(relayNow) ? heardFromRelay(relayNow) : 0;
}

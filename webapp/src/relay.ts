/** Speaks to the relay that served this page, over signed requests (docs/PROTOCOL.md, section 10). */
import type { Bytes } from "./protocol/bytes.ts";
import { utf8 } from "./protocol/bytes.ts";
import { signRequest } from "./protocol/request.ts";
import { heardFromRelay, relayTime } from "./time.ts";

const PATIENCE = 25_000;

/** No answer came: no network, or a relay that is down. */
export class Offline extends Error {}

/** The relay answered with an error. */
export class Answered extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds the relay asks to wait. */
  readonly wait: number;

  constructor(status: number, code: string, wait: number) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.wait = wait;
  }

  /** True when the same request may succeed later. Without a code it was not the relay who answered. */
  get passing(): boolean {
    return this.status === 421 || this.status === 429 || this.status >= 500 || this.code === "";
  }
}

export interface Signer {
  device: Bytes;
  signSeed: Bytes;
}

const base = new URL("/v1/", window.location.href);

/** One request; JSON for a string body, octets for bytes. Throws Offline or Answered. */
export async function call(method: string, path: string, signer?: Signer, body?: string | Bytes): Promise<unknown> {
  const url = new URL(path, base);
  const octets = typeof body === "string" ? utf8(body) : body;
  const headers: Record<string, string> = {};
  if (octets) headers["Content-Type"] = typeof body === "string" ? "application/json" : "application/octet-stream";
  if (signer) {
    Object.assign(headers, signRequest(signer, { method, url, body: octets }, { created: relayTime() }));
  }
  const giveUp = new AbortController();
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

/**
 * The hash of a whole build, by which people find out that they have the same. Written by scripts/bundle.ts into
 * bundle.json beside the pages.
 */
import { Offline } from "./faults.ts";

/** SHA-256 in hex of each file, by its path from the page's folder. */
export type Files = Record<string, string>;

async function digestOf(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The hash of a build in hex: SHA-256 of what `sha256sum` prints for its files, sorted by path. */
export function hashOf(files: Files): Promise<string> {
  const lines = Object.keys(files).sort().map((path) => `${files[path] ?? ""}  ${path}\n`);
  return digestOf(new TextEncoder().encode(lines.join("")));
}

/** The hash as it is read aloud: sixteen groups of five digits, each two of its bytes. */
export function groups(hash: string): readonly string[] {
  return (hash.match(/.{4}/g) ?? []).map((pair) => String(parseInt(pair, 16)).padStart(5, "0"));
}

/** A page of the build from one that was addressed to a relay elsewhere (handlers/bundle.py, `addressed`). */
function unaddressed(page: ArrayBuffer, relay: string): BufferSource {
  const text = new TextDecoder().decode(page);
  return new TextEncoder().encode(text.replace(` data-relay="${relay}"`, "").replace(`'self' ${relay};`, "'self';"));
}

async function bytesOf(url: URL, cache: RequestCache): Promise<ArrayBuffer> {
  try {
    const answer = await fetch(url, { cache, credentials: "omit", redirect: "error" });
    if (answer.ok) return await answer.arrayBuffer();
  } catch {
    // The same as no answer that is of use.
  }
  throw new Offline();
}

/**
 * The hash of the build that bundle.json lists, or null when anything this page loaded is not in it. Throws Offline.
 *
 * It finds what was mixed up on the way. A page made to deceive says what it likes: that is found from outside alone
 * (`qasid verify-webapp`).
 */
export async function ownHash(): Promise<string | null> {
  const folder = new URL("./", window.location.href);
  const listed = await bytesOf(new URL("bundle.json", folder), "no-cache");
  let files: Files;
  try {
    ({ files } = JSON.parse(new TextDecoder().decode(listed)) as { files: Files });
    if (typeof files["index.html"] !== "string") return null;
  } catch {
    return null;
  }
  const page = new URL(window.location.pathname.endsWith("/") ? "index.html" : window.location.pathname, folder);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const assets = new URL("assets/", folder).href;
  const relay = document.documentElement.dataset["relay"];
  for (const name of new Set([page.href, ...loaded.filter((each) => each.startsWith(assets))])) {
    const url = new URL(name);
    // From the browser's cache, where it has them: what was run, and no more bytes on a thin line.
    const bytes = await bytesOf(url, "force-cache");
    const plain = relay !== undefined && name === page.href ? unaddressed(bytes, relay) : bytes;
    if ((await digestOf(plain)) !== files[url.pathname.slice(folder.pathname.length)]) return null;
  }
  return hashOf(files);
}

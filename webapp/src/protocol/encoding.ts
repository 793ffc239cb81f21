import { hmac } from "@noble/hashes/hmac.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, utf8 } from "./bytes.ts";
import { malformedUnless } from "./errors.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url without padding, RFC 4648 section 5. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let sextet = 0; sextet <= left; sextet++) text += ALPHABET.charAt((group >> (18 - 6 * sextet)) & 63);
  }
  return text;
}

/** The one canonical spelling only: Malformed for padding, stray bits, other characters, or another length. */
export function fromBase64Url(text: string, length?: number): Bytes {
  malformedUnless(text.length % 4 !== 1 && /^[\w-]*$/.test(text), "this is not base64url");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text) {
    held = ((held << 6) | ALPHABET.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[at++] = held >> (bits -= 8);
  }
  malformedUnless((held & ((1 << bits) - 1)) === 0, "this is not base64url");
  malformedUnless(length === undefined || bytes.length === length, `${length ?? 0} bytes were expected`);
  return bytes;
}

/** Standard base64 with padding, RFC 4648 section 4, as HTTP structured fields want it. */
export function toBase64(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replace(/-/g, "+").replace(/_/g, "/");
  return text + "=".repeat(-text.length & 3);
}

export function fromBase64(text: string, length?: number): Bytes {
  const form = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text);
  malformedUnless(form !== null && text.length % 4 === 0, "this is not base64");
  return fromBase64Url((form[1] ?? "").replace(/\+/g, "-").replace(/\//g, "_"), length);
}

export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}

export function newId(): Bytes {
  return random(16);
}

/** What purpose-bound hashes, MACs and signatures are made over. */
export function labelled(purpose: string, x: Uint8Array): Bytes {
  return concat(utf8(`qasid/1 ${purpose}\0`), x);
}

/** `H(p, x)`, 32 bytes. */
export function digest(purpose: string, x: Uint8Array): Bytes {
  return sha256(labelled(purpose, x));
}

/** `HMAC(p, k, x)`, 32 bytes. */
export function mac(purpose: string, key: Uint8Array, x: Uint8Array): Bytes {
  return hmac(sha256, key, labelled(purpose, x));
}

/** `KDF(ikm, salt, p)`. */
export function kdf(ikm: Uint8Array, salt: Uint8Array, purpose: string, length = 32): Bytes {
  return expand(sha256, extract(sha256, ikm, salt), utf8(`qasid/1 ${purpose}`), length);
}

import { Malformed, malformedUnless } from "./errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
// ignoreBOM keeps a leading mark: decoding has to be the exact inverse of encoding.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** UTF-8 of a text; Malformed for a lone surrogate, which the platform would silently replace. */
export function utf8(text: string): Bytes {
  malformedUnless(!/\p{Cs}/u.test(text), "the text is not valid Unicode");
  return encoder.encode(text);
}

/** Text of strict UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Malformed("the text is not valid UTF-8");
  }
}

/** Compares in time that depends on the lengths alone. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [at, byte] of a.entries()) difference |= byte ^ (b[at] ?? 0);
  return difference === 0;
}

/** Negative, zero or positive as `a` sorts before, with or after `b`, byte by byte. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  for (const [at, byte] of a.entries()) {
    const difference = byte - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Big-endian, `size` bytes; Malformed for anything but an integer that fits and is at most 2^53 - 1. */
export function uint(value: number, size: number): Bytes {
  malformedUnless(Number.isSafeInteger(value) && value >= 0 && value < 256 ** size, "the number is out of range");
  const bytes = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

/** The big-endian integer in `bytes`; Malformed above 2^53 - 1. */
export function fromUint(bytes: Uint8Array): number {
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  malformedUnless(Number.isSafeInteger(value), "the number is out of range");
  return value;
}

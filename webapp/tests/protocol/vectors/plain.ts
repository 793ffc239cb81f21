import { Malformed } from "../../../src/protocol/errors.ts";
import type { Bytes } from "../../../src/protocol/bytes.ts";
import { rec } from "../../../src/protocol/record.ts";

/** JSON as vectors hold it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function unhex(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A value as JSON: bytes in hex, names as the protocol's text writes them, a signed record as its wire form. */
export function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) throw new Error(`no vector holds a ${typeof value}`);
  if ("body" in value && "signature" in value && "value" in value) {
    return hex(rec(value.body as Bytes, value.signature as Bytes));
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [snake(name), plain(item)]));
}

/** The arguments of a case. Anything else than the type named is a mistake in the vector, not a Malformed. */
export class Given {
  readonly #values: Readonly<Record<string, Plain>>;

  constructor(values: Plain) {
    if (typeof values !== "object" || values === null || Array.isArray(values)) throw new Error("an object was expected");
    this.#values = values as Readonly<Record<string, Plain>>;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  #get(name: string): Plain {
    const value = this.#values[name];
    if (value === undefined) throw new Error(`the case has no ${name}`);
    return value;
  }

  text(name: string): string {
    const value = this.#get(name);
    if (typeof value !== "string") throw new Error(`${name} is no text`);
    return value;
  }

  /** A number; one beyond what JSON numbers hold exactly could not have been read as it was written. */
  number(name: string): number {
    const value = this.#get(name);
    if (typeof value !== "number") throw new Error(`${name} is no number`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#get(name);
    if (typeof value !== "boolean") throw new Error(`${name} is neither true nor false`);
    return value;
  }

  bytes(name: string): Bytes {
    return unhex(this.text(name));
  }

  list(name: string): readonly Plain[] {
    const value = this.#get(name);
    if (!Array.isArray(value)) throw new Error(`${name} is no list`);
    return value as readonly Plain[];
  }

  allBytes(name: string): Bytes[] {
    return this.list(name).map((item) => {
      if (typeof item !== "string") throw new Error(`${name} holds something else than bytes`);
      return unhex(item);
    });
  }

  given(name: string): Given {
    return new Given(this.#get(name));
  }
}

/** Runs a decoder whose result must encode to the very same bytes. */
export function exactly<T>(codec: { encode: (value: T) => Bytes; decode: (bytes: Bytes) => T }, bytes: Bytes): T {
  const value = codec.decode(bytes);
  let again;
  try {
    again = codec.encode(value);
  } catch (error) {
    throw error instanceof Malformed ? new Error(`what was decoded does not encode: ${error.message}`) : error;
  }
  if (hex(again) !== hex(bytes)) throw new Error("what was decoded encodes to other bytes");
  return value;
}

import { type Bytes, compare, concat, fromUint, fromUtf8, uint, utf8 } from "./bytes.ts";
import { Malformed, malformedUnless } from "./errors.ts";

/**
 * Both directions of one form. `decode` is total: it returns a value whose `encode` gives back the very same bytes, or
 * throws Malformed. `encode` throws Malformed for a value that `decode` would not have returned.
 */
export interface Codec<T> {
  readonly encode: (value: T) => Bytes;
  readonly decode: (bytes: Bytes) => T;
}

export type Decoded<C> = C extends Codec<infer T> ? T : never;

/** `lp(x)`: u32 length, then the bytes. */
export function lengthPrefixed(bytes: Uint8Array): Bytes {
  return concat(uint(bytes.length, 4), bytes);
}

/** `rec(f1, ..., fn)`. */
export function rec(...fields: readonly Uint8Array[]): Bytes {
  return concat(...fields.map(lengthPrefixed));
}

/** The fields of a record, up to the very end. */
export function fields(bytes: Bytes, max = Infinity): Bytes[] {
  const found: Bytes[] = [];
  for (let at = 0; at < bytes.length; ) {
    malformedUnless(found.length < max, "there are too many fields");
    malformedUnless(bytes.length - at >= 4, "a length is cut short");
    const end = at + 4 + fromUint(bytes.subarray(at, at + 4));
    malformedUnless(end <= bytes.length, "a field is longer than what is left");
    found.push(bytes.slice(at + 4, end));
    at = end;
  }
  return found;
}

export const raw: Codec<Bytes> = { encode: (value) => value, decode: (bytes) => bytes };

/** Exactly `size` bytes. */
export function fixed(size: number): Codec<Bytes> {
  const exact = (bytes: Bytes): Bytes => {
    malformedUnless(bytes.length === size, `${size} bytes were expected`);
    return bytes;
  };
  return { encode: exact, decode: exact };
}

function unsigned(size: number, max = Infinity): Codec<number> {
  const bounded = (value: number): number => {
    malformedUnless(value <= max, "the number is out of range");
    return value;
  };
  const bytes = fixed(size);
  return {
    encode: (value) => uint(bounded(value), size),
    decode: (field) => bounded(fromUint(bytes.decode(field))),
  };
}

export const u8 = unsigned(1);
export const u32 = unsigned(4);
export const u64 = unsigned(8);
/** The end of the year 9999, unix seconds. */
export const MAX_TIME = 253_402_300_799;
export const time = unsigned(8, MAX_TIME);
export const id = fixed(16);
export const hash = fixed(32);

/** A u8 that is one of the values named. */
export function oneOf<T extends number>(values: Readonly<Record<string, T>>): Codec<T> {
  const known = new Set<number>(Object.values(values));
  const check = (value: number): T => {
    malformedUnless(known.has(value), "the value is unknown");
    return value as T;
  };
  return { encode: (value) => u8.encode(check(value)), decode: (bytes) => check(u8.decode(bytes)) };
}

export const flag: Codec<boolean> = {
  encode: (value) => u8.encode(value ? 1 : 0),
  decode: (bytes) => {
    const value = u8.decode(bytes);
    malformedUnless(value <= 1, "the value is unknown");
    return value === 1;
  },
};

/** UTF-8 of at most `max` bytes. */
export function text(max = Infinity): Codec<string> {
  const bounded = (bytes: Bytes): Bytes => {
    malformedUnless(bytes.length <= max, `the text is longer than ${max} bytes`);
    return bytes;
  };
  return { encode: (value) => bounded(utf8(value)), decode: (bytes) => fromUtf8(bounded(bytes)) };
}

/** Text that matches a pattern, whose anchors are the caller's. */
export function pattern(form: RegExp): Codec<string> {
  const check = (value: string): string => {
    malformedUnless(form.test(value), "the text has a character or a length that is not allowed here");
    return value;
  };
  return { encode: (value) => utf8(check(value)), decode: (bytes) => check(fromUtf8(bytes)) };
}

/** Empty bytes for undefined. */
export function optional<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    encode: (value) => (value === undefined ? new Uint8Array() : codec.encode(value)),
    decode: (bytes) => (bytes.length === 0 ? undefined : codec.decode(bytes)),
  };
}

/** `list(i1, ..., in)` with `min` to `max` items. */
export function list<T>(item: Codec<T>, { min = 0, max = Infinity } = {}): Codec<readonly T[]> {
  const bounded = <I>(items: readonly I[]): readonly I[] => {
    malformedUnless(items.length >= min && items.length <= max, "the list has too few or too many items");
    return items;
  };
  return {
    encode: (items) => rec(...bounded(items).map(item.encode)),
    decode: (bytes) => bounded(fields(bytes, max)).map(item.decode),
  };
}

/** Malformed unless the keys rise strictly, byte by byte. */
export function ascending(keys: readonly Uint8Array[], what: string): void {
  keys.forEach((key, at) => {
    const before = keys[at - 1];
    malformedUnless(!before || compare(before, key) < 0, `${what} are not in ascending order`);
  });
}

/** A record with the fields in the order they are written; `check` holds the rules between them. */
export function struct<T extends object>(
  form: { readonly [K in keyof T]-?: Codec<T[K]> },
  check: (value: T) => void = () => undefined,
): Codec<T> {
  const names = Object.keys(form) as (keyof T & string)[];
  const within = <R>(name: string, act: () => R): R => {
    try {
      return act();
    } catch (error) {
      throw error instanceof Malformed ? new Malformed(`${name}: ${error.message}`) : error;
    }
  };
  return {
    encode: (value) => {
      check(value);
      return rec(...names.map((name) => within(name, () => form[name].encode(value[name]))));
    },
    decode: (bytes) => {
      const found = fields(bytes, names.length);
      malformedUnless(found.length === names.length, "a field is missing");
      const value = Object.fromEntries(
        names.map((name, at) => [name, within(name, () => form[name].decode(found[at] ?? new Uint8Array()))]),
      ) as T;
      check(value);
      return value;
    },
  };
}

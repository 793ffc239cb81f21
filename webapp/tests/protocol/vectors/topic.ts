import type { Bytes } from "../../../src/protocol/bytes.ts";
import { rec } from "../../../src/protocol/record.ts";
import { run } from "./ops.ts";
import { type Plain, hex, plain } from "./plain.ts";

export type Fails = "malformed" | "refused" | null;

/** Arguments before they are JSON: bytes may stand for their hex. */
export type Raw = null | boolean | number | string | Uint8Array | readonly Raw[] | { readonly [name: string]: Raw };

interface Case {
  readonly name: string;
  readonly op: string;
  readonly in: Plain;
  readonly out: Plain;
  readonly fails: Fails;
}

function toPlain(value: Raw): Plain {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toPlain(item)]));
}

/** A value's fields by the protocol's names, as arguments. */
export function named(value: object): Readonly<Record<string, Raw>> {
  return plain(value) as Readonly<Record<string, Plain>>;
}

/** The cases of one file. Each is run as it is added and must end as its author says. */
export class Topic {
  readonly cases: Case[] = [];
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  add(name: string, op: string, given: Readonly<Record<string, Raw>>, fails: Fails = null): void {
    const args = toPlain(given);
    const result = run(op, args);
    if (result.fails !== fails) throw new Error(`${this.name}: ${name}: ended ${String(result.fails)}`);
    this.cases.push({ name, op, in: args, ...result });
  }

  /** One good case, then one for each change of its arguments that must fail. */
  family(name: string, op: string, given: Readonly<Record<string, Raw>>, bad: readonly Bad[]): void {
    this.add(`${name}: good`, op, given);
    for (const [what, fails, changes] of bad) this.add(`${name}: ${what}`, op, { ...given, ...changes }, fails);
  }

  get file(): string {
    return `ts-${this.name}.json`;
  }

  get text(): string {
    return `${JSON.stringify({ topic: this.name, cases: this.cases }, null, 1)}\n`;
  }
}

export type Bad = readonly [what: string, fails: Fails, changes: Readonly<Record<string, Raw>>];

export function flip(bytes: Bytes, at: number, bit = 1): Bytes {
  const changed = bytes.slice();
  const place = at < 0 ? bytes.length + at : at;
  changed[place] = (changed[place] ?? 0) ^ bit;
  return changed;
}

/** The fields of a record. */
export function parts(data: Bytes): Bytes[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const found: Bytes[] = [];
  for (let at = 0; at < data.length; ) {
    const end = at + 4 + view.getUint32(at);
    found.push(data.slice(at + 4, end));
    at = end;
  }
  return found;
}

/** A record with the field at `path` (of the field at ...) replaced. */
export function edited(data: Bytes, path: readonly number[], value: Bytes): Bytes {
  const [at = 0, ...rest] = path;
  const fields = parts(data);
  return rec(...fields.map((field, index) => (index !== at ? field : rest.length ? edited(field, rest, value) : value)));
}

/**
 * A device's keys and state as one text under a PIN, for a page that has no storage it can rely on (PROTOCOL section 9).
 *
 * It is built as what the app keeps behind its lock: a random master key wrapped under the stretched PIN, and everything
 * else under the master key, so that it can be sealed again after each change without asking for the PIN again.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type Bytes, concat, equal } from "./protocol/bytes.ts";
import { digest, fromBase64Url, kdf, random, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, malformedUnless, Refused } from "./protocol/errors.ts";
import { fixed, raw, struct, u32 } from "./protocol/record.ts";
import { pack, unpack } from "./json.ts";
import type { Parts } from "./state.ts";
import { calibrate, stretch } from "./stretch.ts";

export const FILE_NAME = "qasid-keys.qasid";
/** The file can be copied and tried elsewhere without end, so it takes more than the lock of a phone. */
export const MIN_FILE_PIN = 8;

const PREFIX = "qasidkeys1.";
const CHECK = 4;
const NONCE = 12;
const PARTS = ["self", "office", "ledger", "messages", "notices", "settings", "about", "queue"] as const;
/** The wrapping key is used once: it comes from a salt drawn for this one file. */
const ONCE = new Uint8Array(NONCE);

/** The PIN does not open the file. */
export class WrongPin extends Refused {
  override readonly name = "WrongPin";
}

interface Lock {
  readonly passes: number;
  readonly mib: number;
  readonly salt: Bytes;
  readonly wrapped: Bytes;
}

interface Sealed {
  readonly lock: Bytes;
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

// Bounds for what a file may ask of a phone: a bad one shall not stall it.
const lockRecord = struct<Lock>({ passes: u32, mib: u32, salt: fixed(16), wrapped: fixed(48) }, ({ passes, mib }) => {
  malformedUnless(passes >= 1 && passes <= 8 && mib >= 8 && mib <= 256, "the key file asks for too much work");
});
const fileRecord = struct<Sealed>({ lock: raw, nonce: fixed(NONCE), sealed: raw });

/** A file that is complete and undamaged, still shut. */
export type Shut = Lock & Sealed;

/** What it takes to seal the file again: its lock, and the master key behind that. */
export interface Opened {
  readonly lock: Bytes;
  readonly key: Bytes;
  /** How often the file was sealed; whoever has seen a higher number holds an old copy. */
  readonly generation: number;
}

/** A new file's lock under this PIN. Stretching it takes a moment, on purpose. */
export async function create(pin: string): Promise<Opened> {
  const { salt, passes, mib, stretched } = await calibrate(pin);
  const key = random(32);
  const wrapped = Uint8Array.from(chacha20poly1305(wrapping(stretched), ONCE).encrypt(key));
  return { lock: lockRecord.encode({ passes, mib, salt: Uint8Array.from(salt), wrapped }), key, generation: 0 };
}

/** The file's text with these parts, and what seals it the next time. */
export function seal(opened: Opened, parts: Parts): { text: string; opened: Opened } {
  const generation = opened.generation + 1;
  const nonce = random(NONCE);
  const cipher = chacha20poly1305(opened.key, nonce, opened.lock);
  const sealed = Uint8Array.from(cipher.encrypt(pack({ generation, parts })));
  const body = fileRecord.encode({ lock: opened.lock, nonce, sealed });
  return { text: PREFIX + toBase64Url(concat(body, check(body))), opened: { ...opened, generation } };
}

/** Whether this may be a key file at all: for a page that is given files of several kinds. */
export function isKeyFile(text: string): boolean {
  return text.trimStart().startsWith(PREFIX);
}

/** The file, before its PIN is asked for; white space does not matter. Malformed when it is none, or damaged. */
export function read(text: string): Shut {
  const plain = text.replace(/[ \t\n\v\f\r]+/g, "");
  malformedUnless(plain.startsWith(PREFIX), "this is no key file");
  const bytes = fromBase64Url(plain.slice(PREFIX.length));
  const body = bytes.slice(0, -CHECK);
  malformedUnless(bytes.length > CHECK && equal(check(body), bytes.subarray(-CHECK)), "the key file is damaged or cut");
  const file = fileRecord.decode(body);
  return { ...file, ...lockRecord.decode(file.lock) };
}

/** What the file holds. Throws WrongPin; Malformed when the PIN is right and the rest was changed. */
export async function open(file: Shut, pin: string): Promise<{ opened: Opened; parts: Parts }> {
  const { lock, passes, mib, salt } = file;
  const kek = wrapping(await stretch(pin, salt, passes, mib));
  const key = attempt(() => chacha20poly1305(kek, ONCE).decrypt(file.wrapped));
  if (!key) throw new WrongPin("the PIN does not open the key file");
  const plain = attempt(() => chacha20poly1305(key, file.nonce, lock).decrypt(file.sealed));
  if (!plain) throw new Malformed("the key file was changed after it was sealed");
  const held = attempt(() => unpack(plain) as { generation?: unknown; parts?: Partial<Parts> } | null);
  const { generation, parts = {} } = held ?? {};
  const whole = Number.isSafeInteger(generation) && PARTS.every((name) => parts[name] !== undefined);
  malformedUnless(whole, "the key file is of another version of the app");
  return { opened: { lock, key: Uint8Array.from(key), generation: Number(generation) }, parts: parts as Parts };
}

function wrapping(stretched: Uint8Array): Bytes {
  return kdf(stretched, new Uint8Array(), "key file");
}

function check(body: Bytes): Bytes {
  return digest("key file check", body).slice(0, CHECK);
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/**
 * The app lock: a random master key, wrapped under a key derived from the PIN (Argon2id, RFC 9106).
 *
 * A short PIN does not stop a laboratory; it stops whoever picks the phone up. Where the phone's keystore works, a
 * second key kept there goes into the derivation, so that a copied database alone cannot be guessed at.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as disk from "./disk.ts";
import * as securestore from "./securestore.ts";

const FLOOR_MIB = 19; // OWASP's lowest memory for Argon2id; with it go two passes
const STEPS_MIB = [64, 46, 32, FLOOR_MIB];
const PASSES = 2;
const TARGET_MS = 900;
export const MIN_PIN = 6;
const FREE_TRIES = 3;
const LONGEST_WAIT = 15 * 60;

interface LockRecord {
  salt: Uint8Array;
  passes: number;
  mib: number;
  keystore: boolean;
  nonce: Uint8Array;
  wrapped: Uint8Array;
  failures: number;
  /** Unix seconds of the phone's own clock before which no try is taken. */
  notBefore: number;
}

export type Unlocked =
  | { state: "open"; key: Uint8Array }
  | { state: "wrong"; wait: number }
  | { state: "wait"; wait: number }
  | { state: "keystore-gone" };

const random = (size: number): Uint8Array => crypto.getRandomValues(new Uint8Array(size));
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function stretch(pin: string, salt: Uint8Array, passes: number, mib: number): Promise<Uint8Array> {
  // In JavaScript, not WebAssembly: that is switched off in the lockdown modes people at risk are told to use.
  return argon2idAsync(pin, salt, { t: passes, m: mib * 1024, p: 1, dkLen: 32, asyncTick: 60 });
}

/** Memory this phone can afford within the target, from one measured run at the floor. */
export function affordable(floorMs: number): number {
  return STEPS_MIB.find((mib) => (floorMs * mib) / FLOOR_MIB <= TARGET_MS) ?? FLOOR_MIB;
}

async function calibrate(): Promise<number> {
  const start = performance.now();
  await stretch("calibration", random(16), PASSES, FLOOR_MIB);
  return affordable(performance.now() - start);
}

function wrapping(stretched: Uint8Array, keystoreKey: string): Uint8Array {
  const text = new TextEncoder();
  return hkdf(sha256, stretched, text.encode(keystoreKey), text.encode("qasid app lock"), 32);
}

/** True for a PIN nobody would try first: long enough, neither one digit repeated nor a run. */
export function goodPin(pin: string): boolean {
  if (pin.length < MIN_PIN) return false;
  const steps = Array.from({ length: pin.length - 1 }, (_, at) => pin.charCodeAt(at + 1) - pin.charCodeAt(at));
  const [first = 0] = steps;
  return Math.abs(first) > 1 || steps.some((step) => step !== first);
}

/** Makes the master key, keeps it wrapped under the PIN, and returns it. */
export async function create(pin: string): Promise<Uint8Array> {
  const keystoreKey = hex(random(32));
  const keystore = await securestore.keep(keystoreKey);
  const mib = await calibrate();
  const [salt, nonce, key] = [random(16), random(12), random(32)];
  const kek = wrapping(await stretch(pin, salt, PASSES, mib), keystore ? keystoreKey : "");
  const wrapped = chacha20poly1305(kek, nonce).encrypt(key);
  const record: LockRecord = { salt, passes: PASSES, mib, keystore, nonce, wrapped, failures: 0, notBefore: 0 };
  await disk.write(disk.LOCK, record);
  return key;
}

/** Seconds to wait after this many failures in a row: none for the first three, then 30 s doubling to 15 min. */
export function penalty(failures: number): number {
  return failures < FREE_TRIES ? 0 : Math.min(30 * 2 ** (failures - FREE_TRIES), LONGEST_WAIT);
}

/**
 * Tries the PIN. The failure is written down before the key is tried, so that killing the app gains no tries.
 * `now` is the phone's own clock, unix seconds.
 */
export async function unlock(pin: string, now: number): Promise<Unlocked> {
  const record = await disk.read<LockRecord>(disk.LOCK);
  if (!record) throw new Error("no lock on this phone");
  // A clock set back must not lengthen the wait beyond the longest one.
  const wait = Math.min(record.notBefore - now, LONGEST_WAIT);
  if (wait > 0) return { state: "wait", wait };
  const keystoreKey = record.keystore ? await securestore.recall() : "";
  if (keystoreKey === null) return { state: "keystore-gone" };
  const failures = record.failures + 1;
  await disk.write(disk.LOCK, { ...record, failures, notBefore: now + penalty(failures) });
  const kek = wrapping(await stretch(pin, record.salt, record.passes, record.mib), keystoreKey);
  try {
    const key = chacha20poly1305(kek, record.nonce).decrypt(record.wrapped);
    await disk.write(disk.LOCK, { ...record, failures: 0, notBefore: 0 });
    return { state: "open", key };
  } catch {
    return { state: "wrong", wait: penalty(failures) };
  }
}

/**
 * The app lock: a random master key, wrapped under a key derived from the PIN (Argon2id, RFC 9106).
 *
 * Each person on the phone has their own; a PIN is stretched once and tried on all of them, so that neither the screen
 * nor the time it takes tells how many there are.
 *
 * A short PIN does not stop a laboratory; it stops whoever picks the phone up. Where the phone's keystore works, a
 * second key kept there goes into the derivation, so that a copied database alone cannot be guessed at.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as safes from "./safes.ts";
import * as securestore from "./securestore.ts";
import { calibrate, stretch, type Stretched } from "./stretch.ts";

export const MIN_PIN = 6;
const FREE_TRIES = 3;
const LONGEST_WAIT = 15 * 60;
/** Wrong PINs in a row that erase a safe whose person wished it. */
const MOST_TRIES = 10;

/** A safe that stands open: its id and its master key. */
export interface Opened {
  id: string;
  key: Uint8Array;
}

export type Unlocked =
  | ({ state: "open" } & Opened)
  /** `spent`: ids of safes that too many wrong tries erase. */
  | { state: "wrong"; wait: number; spent?: string[] }
  | { state: "wait"; wait: number }
  | { state: "keystore-gone" };

const random = (size: number): Uint8Array => crypto.getRandomValues(new Uint8Array(size));
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Stretches a further PIN as the phone's first. */
async function follow(pin: string, { salt, passes, mib }: safes.Locks): Promise<Stretched> {
  return { salt, passes, mib, stretched: await stretch(pin, salt, passes, mib) };
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

/**
 * Makes a safe's master key, keeps it wrapped under the PIN, and returns it. Nobody else's is touched. `fill` puts into
 * the safe what it begins with, before there is a lock: an app killed in between finds nobody here and begins anew, where
 * a lock before nothing would never open.
 */
export async function create(
  pin: string,
  { tail, farewell }: Pick<safes.SafeLock, "tail" | "farewell">,
  fill?: (made: Opened) => Promise<unknown>,
): Promise<Opened> {
  const before = await safes.read();
  const id = before ? hex(random(8)) : safes.FIRST;
  const keystoreKey = hex(random(32));
  const keystore = (await securestore.keep(id, keystoreKey)) ? id : null;
  const { stretched, ...common } = await (before ? follow(pin, before) : calibrate(pin));
  const [nonce, key] = [random(12), random(32)];
  const kek = wrapping(stretched, keystore ? keystoreKey : "");
  const wrapped = chacha20poly1305(kek, nonce).encrypt(key);
  const own: safes.SafeLock = { id, tail, keystore, nonce, wrapped, failures: 0, notBefore: 0, farewell };
  await fill?.({ id, key });
  await safes.write({ ...common, safes: [...(before?.safes ?? []), own] });
  return { id, key };
}

/** Seconds to wait after this many failures in a row: none for the first three, then 30 s doubling to 15 min. */
export function penalty(failures: number): number {
  return failures < FREE_TRIES ? 0 : Math.min(30 * 2 ** (failures - FREE_TRIES), LONGEST_WAIT);
}

/** The master key, or null when the PIN is not this safe's. */
function unwrap(safe: safes.SafeLock, kek: Uint8Array): Uint8Array | null {
  try {
    return chacha20poly1305(kek, safe.nonce).decrypt(safe.wrapped);
  } catch {
    return null;
  }
}

/**
 * Tries the PIN on every safe that takes a try now. The failure is written down before, so that killing the app gains
 * no tries. Opening one's own safe forgives one's own failures alone: else whoever has a safe here could guess at the
 * others' without end. `now` is the phone's own clock, unix seconds.
 */
export async function unlock(pin: string, now: number): Promise<Unlocked> {
  const locks = await safes.read();
  if (!locks) throw new Error("no lock on this phone");
  // A clock set back must not lengthen the wait beyond the longest one.
  const wait = ({ notBefore }: safes.SafeLock): number => Math.max(0, Math.min(notBefore - now, LONGEST_WAIT));
  const shortest = (all: safes.SafeLock[]): number => Math.min(...all.map(wait));
  const second = new Map<safes.SafeLock, string>();
  const recall = async (safe: safes.SafeLock): Promise<void> => {
    const keystoreKey = safe.keystore ? await securestore.recall(safe.keystore) : "";
    if (keystoreKey !== null) second.set(safe, keystoreKey);
  };
  await Promise.all(locks.safes.map(recall));
  const usable = [...second.keys()];
  if (usable.length === 0) return { state: "keystore-gone" };
  if (shortest(usable) > 0) return { state: "wait", wait: shortest(usable) };
  const tried = new Map<safes.SafeLock, safes.SafeLock>();
  for (const safe of usable.filter((each) => wait(each) === 0)) {
    const failures = safe.failures + 1;
    tried.set(safe, { ...safe, failures, notBefore: now + penalty(failures) });
  }
  const failed = (safe: safes.SafeLock): safes.SafeLock => tried.get(safe) ?? safe;
  await safes.write({ ...locks, safes: locks.safes.map(failed) });
  const stretched = await stretch(pin, locks.salt, locks.passes, locks.mib);
  for (const safe of tried.keys()) {
    const key = unwrap(safe, wrapping(stretched, second.get(safe) ?? ""));
    if (!key) continue;
    const own = { ...safe, failures: 0, notBefore: 0 };
    await safes.write({ ...locks, safes: locks.safes.map((other) => (other === safe ? own : other)) });
    return { state: "open", id: safe.id, key };
  }
  const after = usable.map(failed);
  const spent = after.filter(({ fragile, failures }) => fragile && failures >= MOST_TRIES).map(({ id }) => id);
  return { state: "wrong", wait: shortest(after), ...(spent.length > 0 && { spent }) };
}

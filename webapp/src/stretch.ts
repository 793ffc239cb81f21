/** What makes guessing a PIN dear: Argon2id (RFC 9106), as much of it as the phone can afford. */
import { argon2idAsync } from "@noble/hashes/argon2.js";

const FLOOR_MIB = 19; // OWASP's lowest memory for Argon2id; with it go two passes
const STEPS_MIB = [64, 46, 32, FLOOR_MIB];
const PASSES = 2;
const TARGET_MS = 900;

export interface Stretched {
  salt: Uint8Array;
  passes: number;
  mib: number;
  stretched: Uint8Array;
}

/** 32 bytes of the PIN. */
export function stretch(pin: string, salt: Uint8Array, passes: number, mib: number): Promise<Uint8Array> {
  // In JavaScript, not WebAssembly: that is switched off in the lockdown modes people at risk are told to use.
  return argon2idAsync(pin, salt, { t: passes, m: mib * 1024, p: 1, dkLen: 32, asyncTick: 60 });
}

/** Memory this phone can afford within the target, from one measured run at the floor. */
export function affordable(floorMs: number): number {
  return STEPS_MIB.find((mib) => (floorMs * mib) / FLOOR_MIB <= TARGET_MS) ?? FLOOR_MIB;
}

/** Stretches a new PIN, once where no more than the floor can be afforded: there it takes seconds. */
export async function calibrate(pin: string): Promise<Stretched> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const start = performance.now();
  const floor = await stretch(pin, salt, PASSES, FLOOR_MIB);
  const mib = affordable(performance.now() - start);
  const stretched = mib === FLOOR_MIB ? floor : await stretch(pin, salt, PASSES, mib);
  return { salt, passes: PASSES, mib, stretched };
}

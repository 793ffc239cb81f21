/** This phone's own keys and statements. */
import { toBase64Url } from "./protocol/encoding.ts";
import type { Bytes } from "./protocol/bytes.ts";
import { deviceKeys, newPrekey, prekeyPair, type DeviceKeys, type PrekeyPair } from "./protocol/keys.ts";
import { HolderKind, signedPrekey } from "./protocol/prekey.ts";
import { signRequest } from "./protocol/request.ts";
import type { Sign } from "./relay.ts";
import type { Errand, Ledger, Self } from "./state.ts";

const DAY = 86_400;
/** A phone that is off for three weeks can still be written to. */
const SEAL_FOR = 21 * DAY;
/** And what was sealed on the last of those days may wait another month. */
const KEEP_FOR = 51 * DAY;

export function keysOf(self: Self): DeviceKeys {
  return deviceKeys.decode(self.keys);
}

export function prekeysOf(self: Self): PrekeyPair[] {
  return self.prekeys.map((pair) => prekeyPair.decode(pair));
}

export function signerOf(self: Self): Sign {
  const { record, signSeed } = keysOf(self);
  return (request, created) => signRequest({ device: record.device, signSeed }, request, { created });
}

/** A new prekey pair of this device. */
export function makePrekey(keys: DeviceKeys, sequence: number, now: number): PrekeyPair {
  return newPrekey({
    office: keys.record.office,
    holderKind: HolderKind.device,
    holder: keys.record.device,
    sequence,
    created: now,
    sealUntil: now + SEAL_FOR,
    deleteAt: now + KEEP_FOR,
  });
}

export function prekeyWire(pair: PrekeyPair, keys: DeviceKeys): Bytes {
  return signedPrekey.sign(pair.prekey, keys.signSeed);
}

export function postErrand(path: string, body: unknown, ref = ""): Errand {
  const id = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  return { kind: "post", id, ref, path, body: JSON.stringify(body) };
}

/** The next counter for a signed statement, and the ledger that remembers it. */
export function count(ledger: Ledger, purpose: string): { counter: number; ledger: Ledger } {
  const counter = (ledger.statements[purpose] ?? 0) + 1;
  return { counter, ledger: { ...ledger, statements: { ...ledger.statements, [purpose]: counter } } };
}

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import type { Bytes } from "./bytes.ts";
import { dhPublicKey } from "./curve.ts";
import { type DeviceRecord, type OwnerKind, deviceRecord } from "./device.ts";
import { newId, random } from "./encoding.ts";
import { type Prekey, prekeyRecord } from "./prekey.ts";
import { fixed, struct } from "./record.ts";
import { signingKey } from "./signature.ts";

/** A device with its private halves. */
export interface DeviceKeys {
  readonly record: DeviceRecord;
  readonly signSeed: Bytes;
  readonly dhSk: Bytes;
}

/** A prekey with its private halves; the KEM's is the seed `d || z` (FIPS 203). */
export interface PrekeyPair {
  readonly prekey: Prekey;
  readonly dhSk: Bytes;
  readonly kemSeed: Bytes;
}

/** For the client's own store: no part of the protocol travels like this. */
export const deviceKeys = struct<DeviceKeys>({ record: deviceRecord, signSeed: fixed(32), dhSk: fixed(32) });
export const prekeyPair = struct<PrekeyPair>({ prekey: prekeyRecord, dhSk: fixed(32), kemSeed: fixed(64) });

export function newDevice(office: Bytes, ownerKind: OwnerKind, owner: Bytes, device = newId()): DeviceKeys {
  const [signSeed, dhSk] = [random(32), random(32)];
  const record = { office, ownerKind, owner, device, signPk: signingKey(signSeed), dhPk: dhPublicKey(dhSk) };
  return { record, signSeed, dhSk };
}

export type PrekeyTerms = Omit<Prekey, "prekey" | "dhPk" | "kemPk"> & { readonly prekey?: Bytes };

export function newPrekey(terms: PrekeyTerms): PrekeyPair {
  const [dhSk, kemSeed] = [random(32), random(64)];
  return { prekey: { prekey: newId(), ...terms, dhPk: dhPublicKey(dhSk), kemPk: kemPublicKey(kemSeed) }, dhSk, kemSeed };
}

export function kemPublicKey(seed: Bytes): Bytes {
  return ml_kem768.keygen(seed).publicKey;
}

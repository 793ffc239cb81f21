import { type Bytes, equal, isZero } from "./bytes.ts";
import type { DeviceRecord } from "./device.ts";
import { refuseUnless, malformedUnless } from "./errors.ts";
import { fixed, hash, id, oneOf, struct, time, u64 } from "./record.ts";
import { signedAs } from "./signature.ts";

export const HolderKind = { device: 1, epoch: 2 } as const;
export type HolderKind = (typeof HolderKind)[keyof typeof HolderKind];

const DAY = 86_400;
const HOUR = 3_600;

/** Whom a wrap is for: a prekey of a device, or of an office's epoch (whose holder is zeros). */
export interface Address {
  readonly holderKind: HolderKind;
  readonly holder: Bytes;
  readonly prekey: Bytes;
}

export interface Prekey extends Address {
  readonly office: Bytes;
  readonly sequence: number;
  readonly created: number;
  readonly sealUntil: number;
  readonly deleteAt: number;
  readonly dhPk: Bytes;
  readonly kemPk: Bytes;
}

export function checkAddress(address: Address): void {
  malformedUnless(address.holderKind === HolderKind.device || isZero(address.holder), "an epoch has no holder");
}

export const prekeyRecord = struct<Prekey>(
  {
    office: hash,
    holderKind: oneOf(HolderKind),
    holder: id,
    prekey: id,
    sequence: u64,
    created: time,
    sealUntil: time,
    deleteAt: time,
    dhPk: hash,
    kemPk: fixed(1184),
  },
  (prekey) => {
    checkAddress(prekey);
    const { created, sealUntil, deleteAt } = prekey;
    malformedUnless(
      created < sealUntil && sealUntil <= deleteAt && deleteAt <= created + 90 * DAY,
      "the prekey's times contradict each other",
    );
  },
);

export const signedPrekey = signedAs("prekey", prekeyRecord);

/** A device's prekey, verified and really of that device. */
export function openPrekey(wire: Bytes, device: DeviceRecord): Prekey {
  const prekey = signedPrekey.open(wire, device.signPk);
  const own = prekey.holderKind === HolderKind.device && equal(prekey.holder, device.device);
  refuseUnless(own && equal(prekey.office, device.office), "the prekey is of another device");
  return prekey;
}

/** Refused unless one may seal to it at `now`; `seen` is the highest sequence seen from this holder. */
export function checkUsable(prekey: Prekey, now: number, seen = 0): void {
  refuseUnless(prekey.created - HOUR <= now && now < prekey.sealUntil, "the prekey is not valid now: fetch a newer one");
  refuseUnless(prekey.sequence >= seen, "the prekey is older than one seen before");
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.holderKind === b.holderKind && equal(a.holder, b.holder) && equal(a.prekey, b.prekey);
}

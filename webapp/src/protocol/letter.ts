import { type Bytes, concat, equal, fromUint, uint } from "./bytes.ts";
import { type DeviceRecord, deviceRecord } from "./device.ts";
import { digest, fromBase64Url, kdf, mac, random, toBase64Url } from "./encoding.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { hash, id, rec, struct, u64 } from "./record.ts";
import type { Pin } from "./roster.ts";

const PREFIX = "QASID1.";
const SIZE = 1 + 16 + 32 + 8 + 32;

/** Where a person starts to follow the office; what the relay holds for the invitation. */
export interface Slip {
  readonly office: Bytes;
  readonly minVersion: number;
  readonly minHash: Bytes;
  readonly contact: Bytes;
}

/** The text form of a letter of introduction. */
export interface Letter {
  readonly secret: Bytes;
  readonly office: Bytes;
  readonly minVersion: number;
  readonly minHash: Bytes;
}

export const slipRecord = struct<Slip>({ office: hash, minVersion: u64, minHash: hash, contact: id });

export function newSecret(): Bytes {
  return random(16);
}

export function invitationId(secret: Bytes): Bytes {
  return kdf(secret, new Uint8Array(), "invitation").slice(0, 16);
}

function derived(secret: Bytes, purpose: string): Bytes {
  return kdf(secret, invitationId(secret), purpose);
}

/** The contact a letter makes, unless its slip names a known one. */
export function contactId(secret: Bytes): Bytes {
  return derived(secret, "contact").slice(0, 16);
}

/** Shown to the relay once, to be let in. */
export function admitToken(secret: Bytes): Bytes {
  return derived(secret, "admit");
}

/** What the relay keeps of it. */
export function admitHash(token: Bytes): Bytes {
  return digest("admit", token);
}

export function slipTag(secret: Bytes, slip: Bytes): Bytes {
  return mac("letter", derived(secret, "letter mac"), rec(invitationId(secret), slip));
}

/** The slip that the relay served, if the office that wrote the letter made it: Refused otherwise. */
export function openSlip(secret: Bytes, slip: Bytes, tag: Bytes): Slip {
  const read = slipRecord.decode(slip);
  refuseUnless(equal(slipTag(secret, slip), tag), "the relay's answer is not from the office that wrote this letter");
  return read;
}

/** As openSlip, and the slip must say what the letter itself says. */
export function openSlipOf(letter: Letter, bytes: Bytes, tag: Bytes): Slip {
  const slip = openSlip(letter.secret, bytes, tag);
  const same =
    equal(slip.office, letter.office) && slip.minVersion === letter.minVersion && equal(slip.minHash, letter.minHash);
  refuseUnless(same, "the relay's answer contradicts the letter");
  return slip;
}

/** The pin one starts with; it names no root yet. */
export function letterPin(from: Letter | Slip): Pin {
  return { office: from.office, version: from.minVersion, hash: from.minHash };
}

export interface Enrolment {
  /** The device's own, unless said otherwise. */
  readonly office?: Bytes;
  readonly rosterVersion: number;
  readonly contact: Bytes;
  readonly device: DeviceRecord;
}

/** What proves to the desk, and to it alone, that the new device's owner read the letter. */
export function enrolMac(secret: Bytes, { rosterVersion, contact, device, office = device.office }: Enrolment): Bytes {
  const fields = [office, uint(rosterVersion, 8), invitationId(secret), contact, deviceRecord.encode(device)];
  return mac("enrol", derived(secret, "enrol mac"), rec(...fields));
}

export function encodeLetter({ secret, office, minVersion, minHash }: Letter): string {
  const plain = concat(uint(1, 1), id.encode(secret), hash.encode(office), uint(minVersion, 8), hash.encode(minHash));
  return PREFIX + toBase64Url(concat(plain, letterCheck(plain)));
}

/** Reads the text form; Malformed when a character is wrong. */
export function decodeLetter(text: string): Letter {
  malformedUnless(text.startsWith(PREFIX), "this is not a letter of introduction");
  const bytes = fromBase64Url(text.slice(PREFIX.length), SIZE + 4);
  const plain = bytes.slice(0, SIZE);
  malformedUnless(equal(letterCheck(plain), bytes.subarray(SIZE)), "the letter has a misprint: read it again");
  malformedUnless(plain[0] === 1, "the letter is of a newer version: update the app");
  return {
    secret: plain.slice(1, 17),
    office: plain.slice(17, 49),
    minVersion: fromUint(plain.subarray(49, 57)),
    minHash: plain.slice(57),
  };
}

function letterCheck(plain: Bytes): Bytes {
  return digest("letter check", plain).slice(0, 4);
}

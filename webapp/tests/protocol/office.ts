import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, utf8 } from "../../src/protocol/bytes.ts";
import { Evidence, issueCard } from "../../src/protocol/card.ts";
import { type Content, type Inner, type Payload, contentHash, innerRecord } from "../../src/protocol/content.ts";
import { dhPublicKey } from "../../src/protocol/curve.ts";
import { type Approval, signedApproval } from "../../src/protocol/decision.ts";
import { type DeviceRecord, OwnerKind } from "../../src/protocol/device.ts";
import { type DeviceKeys, type PrekeyPair, kemPublicKey } from "../../src/protocol/keys.ts";
import { type Notice, NoticeKind, Route, audience, noticeHash, sealPlace } from "../../src/protocol/notice.ts";
import { HolderKind } from "../../src/protocol/prekey.ts";
import {
  type Entry,
  type Followed,
  type Pin,
  Role,
  type Root,
  type Roster,
  follow,
  officeId,
  signedRoster,
  successorCommit,
} from "../../src/protocol/roster.ts";
import { type Signed, signingKey } from "../../src/protocol/signature.ts";

// An office, its officers and one contact, the same in every run: every byte comes from its name.

export const NOW = 1_640_995_200;
export const HOUR = 3_600;
export const DAY = 86_400;
export const ZEROS = new Uint8Array(32);
export const NO_HOLDER = new Uint8Array(16);

export function named(name: string, size = 32): Bytes {
  return hkdf(sha256, utf8(name), utf8("qasid tests"), utf8("typescript"), size);
}

/** Random bytes that come out the same for the same name. */
export function drawing(name: string): (size: number) => Bytes {
  let count = 0;
  return (size) => named(`${name} ${count++}`, size);
}

export const rootSeed = named("root");
export const successorSeed = named("successor");
export const first: Root = {
  rootPk: signingKey(rootSeed),
  successorCommit: successorCommit(signingKey(successorSeed)),
};
export const office = officeId(first);

export function device(ownerKind: OwnerKind, owner: string, name: string): DeviceKeys {
  const signSeed = named(`${name} sign`);
  const dhSk = named(`${name} dh`);
  const record: DeviceRecord = {
    office,
    ownerKind,
    owner: named(owner, 16),
    device: named(name, 16),
    signPk: signingKey(signSeed),
    dhPk: dhPublicKey(dhSk),
  };
  return { record, signSeed, dhSk };
}

export function prekeyPair(holder: DeviceKeys | "epoch", name: string, sequence = 1): PrekeyPair {
  const dhSk = named(`${name} prekey dh`);
  const kemSeed = named(`${name} prekey kem`, 64);
  const prekey = {
    office,
    holderKind: holder === "epoch" ? HolderKind.epoch : HolderKind.device,
    holder: holder === "epoch" ? NO_HOLDER : holder.record.device,
    prekey: named(`${name} prekey`, 16),
    sequence,
    created: NOW - DAY,
    sealUntil: NOW + 6 * DAY,
    deleteAt: NOW + 60 * DAY,
    dhPk: dhPublicKey(dhSk),
    kemPk: kemPublicKey(kemSeed),
  };
  return { prekey, dhSk, kemSeed };
}

export const coordinator = device(OwnerKind.officer, "officer one", "coordinator device");
export const colleague = device(OwnerKind.officer, "officer two", "colleague device");
export const secondDevice = device(OwnerKind.officer, "officer one", "coordinator second device");
export const caseworker = device(OwnerKind.officer, "officer three", "caseworker device");
/** The colleague's phone, which only confirms. */
export const pocket = device(OwnerKind.officer, "officer two", "colleague phone");
export const auditor = device(OwnerKind.officer, "officer four", "auditor device");
export const phone = device(OwnerKind.contact, "contact", "phone");
export const otherPhone = device(OwnerKind.contact, "contact", "other phone");
export const stranger = device(OwnerKind.contact, "stranger", "stranger phone");

export const epoch = prekeyPair("epoch", "epoch one");
export const phonePrekey = prekeyPair(phone, "phone");
export const colleaguePrekey = prekeyPair(colleague, "colleague");

export function entry(keys: DeviceKeys, roleCode: string, roles: number): Entry {
  const { record } = keys;
  return { officer: record.owner, roleCode, roles, device: record, notBefore: NOW - 10 * DAY, notAfter: NOW + 20 * DAY };
}

export function ordered(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => Buffer.compare(a.device.device, b.device.device));
}

export const entries = ordered([
  entry(coordinator, "C-01", Role.coordinator | Role.caseworker),
  entry(secondDevice, "C-01", Role.coordinator | Role.caseworker),
  entry(colleague, "C-02", Role.coordinator),
  entry(caseworker, "W-01", Role.caseworker),
  entry(auditor, "A-01", Role.auditor),
]);

export const roster: Roster = {
  office,
  first,
  successions: [],
  version: 1,
  prev: ZEROS,
  issued: NOW - DAY,
  expires: NOW + 20 * DAY,
  entries,
  removals: [],
  epochs: [epoch.prekey],
};

/** The same with the colleague's phone that only confirms. */
export const withPocket: Roster = { ...roster, entries: ordered([...entries, entry(pocket, "C-02", Role.confirmer)]), epochs: [] };

export const rosterWire = signedRoster.sign(roster, rootSeed);
export const beginning: Pin = { office, version: 0, hash: ZEROS };
export const followed: Followed = follow(beginning, rosterWire);

export const thread = named("thread", 16);

export function inner(sender: DeviceKeys, recipient: Bytes, payload: Payload, changes: Partial<Inner> = {}): Inner {
  return {
    nonce: named("nonce"),
    sender: sender.record.device,
    recipient,
    thread,
    counter: 1,
    prev: ZEROS,
    sentAt: NOW,
    rosterVersion: followed.pin.version,
    rosterHash: followed.pin.hash,
    payload,
    ...changes,
  };
}

export function content(message: Inner): Content {
  return { inner: message, body: innerRecord.encode(message) };
}

export function hashOf(message: Inner): Bytes {
  return contentHash({ body: innerRecord.encode(message) });
}

export const placeKey = named("place key");
const about = { office, notice: named("notice", 16), version: 1 };

export const notice: Notice = {
  salt: named("salt"),
  ...about,
  replaces: 0,
  kind: NoticeKind.come,
  movement: "HERON",
  route: Route.air,
  departsAt: NOW + 3 * DAY,
  reportFrom: NOW + 2 * DAY,
  reportUntil: NOW + 2 * DAY + 2 * HOUR,
  answerBy: NOW + DAY,
  expires: NOW + 2 * DAY + 2 * HOUR,
  audience: audience(named("salt"), [phone.record.owner]),
  ...sealPlace(placeKey, about, "دروازهٔ شمالی"),
  texts: [
    { language: "en", who: "K-4821 and family", bring: "Papers", leave: "Bags", documents: "Any", message: "Be calm." },
    { language: "fa-AF", who: "خانواده", bring: "اسناد", leave: "بکس", documents: "هر", message: "آرام باشید." },
  ],
};

export const noticeAbout = { ...about, contentHash: noticeHash(notice) };

export function approval(keys: DeviceKeys, changes: Partial<Approval> = {}): Signed<Approval> {
  const value = { ...noticeAbout, device: keys.record.device, approvedAt: NOW - HOUR, ...changes };
  return signedApproval.decode(signedApproval.sign(value, keys.signSeed));
}

export function inDeviceOrder(approvals: readonly Signed<Approval>[]): Signed<Approval>[] {
  return [...approvals].sort((a, b) => Buffer.compare(a.value.device, b.value.device));
}

export const card = issueCard(
  {
    office,
    contact: phone.record.owner,
    serial: 1,
    prev: ZEROS,
    certifier: caseworker.record.device,
    counter: 1,
    devices: [phone.record],
    evidence: Evidence.letter,
    issued: NOW - HOUR,
  },
  caseworker.signSeed,
);

import { type Bytes, equal } from "./bytes.ts";
import { type Content, type Inner, Kind, type Payload, contentHash, innerRecord, proofBody } from "./content.ts";
import { type DeviceRecord, OwnerKind } from "./device.ts";
import { random } from "./encoding.ts";
import { type Header, Urgency, decodeEnvelope } from "./envelope.ts";
import { Behind, Refused, refuseUnless } from "./errors.ts";
import type { DeviceKeys, PrekeyPair } from "./keys.ts";
import type { OwnPart } from "./notice.ts";
import { sameAddress } from "./prekey.ts";
import { ANY_ROLE, type Entry, type Followed, type Pin, currentEpoch, entryOf, standing } from "./roster.ts";
import { openEnvelope, seal } from "./sealing.ts";
import { check } from "./signature.ts";

// A message is content with its envelope around it, as phones write and read it.

const SLACK = 3_600;
const ZEROS = new Uint8Array(32);

/** The newest message of one sender device in one thread. */
export interface Link {
  readonly counter: number;
  readonly hash: Bytes;
}

export interface Composition {
  readonly keys: DeviceKeys;
  readonly followed: Followed;
  readonly thread: Bytes;
  /** Of the message written before in this thread. */
  readonly last?: Link | undefined;
  readonly payload: Payload;
  readonly now: number;
  /** Seconds until it expires, at most 60 days. */
  readonly life: number;
  readonly urgency?: Urgency;
}

export interface Composed {
  readonly envelope: Bytes;
  readonly id: Bytes;
  readonly link: Link;
}

/** Seals a contact's message to the office's current epoch. Refused when there is none to seal to. */
export function composeToOffice({ keys, followed, thread, last, payload, now, life, urgency }: Composition): Composed {
  const { pin, roster } = followed;
  const inner: Inner = {
    nonce: random(32),
    sender: keys.record.device,
    recipient: pin.office,
    thread,
    counter: (last?.counter ?? 0) + 1,
    prev: last?.hash ?? ZEROS,
    sentAt: now,
    rosterVersion: pin.version,
    rosterHash: pin.hash,
    payload,
  };
  const recipients = [{ prekey: currentEpoch(roster, now) }];
  const expires = now + life;
  const envelope = seal({ inner, sender: keys, recipients, now, expires, urgency: urgency ?? Urgency.routine });
  const link = { counter: inner.counter, hash: contentHash({ body: innerRecord.encode(inner) }) };
  return { envelope, id: decodeEnvelope(envelope).header.envelope, link };
}

export interface Message {
  readonly header: Header;
  readonly content: Content;
  readonly inner: Inner;
  readonly own?: OwnPart | undefined;
  /** Who signed it. */
  readonly entry: Entry;
  readonly link: Link;
}

export interface Reader {
  readonly me: DeviceRecord;
  readonly prekeys: readonly PrekeyPair[];
  readonly followed: Followed;
}

/**
 * Opens an office's message and checks all that one message shows. The caller remembers envelope ids, and asks
 * `checkChain`. Behind when the sender follows a newer roster: follow it, then read again. Refused otherwise.
 */
export function readFromOffice(data: Bytes, { me, prekeys, followed }: Reader): Message {
  const { header, wraps } = decodeEnvelope(data);
  const sender = entryOf(followed.roster, header.sender);
  if (!sender) throw new Refused("the sender does not stand in the roster");
  const prekey = prekeys.find((pair) => wraps.some((wrap) => sameAddress(wrap, pair.prekey)));
  if (!prekey) throw new Refused("the message is sealed to a key that this device no longer has");
  const { content, own } = openEnvelope(data, { sender: sender.device, prekey });
  const entry = checkFromOffice(content, header, { me, followed });
  return { header, content, inner: content.inner, own, entry, link: linkOf(content) };
}

export function linkOf(content: Pick<Content, "inner" | "body">): Link {
  return { counter: content.inner.counter, hash: contentHash(content) };
}

/** Refused unless an office's message is what its signature says, for this reader, by a device that stands. */
export function checkFromOffice(
  content: Content,
  header: Header,
  { me, followed }: { me: DeviceRecord; followed: Followed },
): Entry {
  const { inner, proof } = content;
  const { pin, roster } = followed;
  const ours = equal(me.office, pin.office) && equal(roster.office, pin.office);
  refuseUnless(ours, "the message is of another office");
  refuseUnless(equal(header.sender, inner.sender), "the message is of another device than its envelope");
  checkHead(inner, pin);
  const entry = standing(roster, inner.sender, inner.sentAt, ANY_ROLE, SLACK);
  checkRecipient(inner, me);
  if (!proof) throw new Refused("the office did not sign the message");
  check("office", proofBody(pin.office, content, header), proof, entry.device.signPk);
  return entry;
}

function checkHead({ rosterVersion, rosterHash }: Inner, pin: Pin): void {
  if (rosterVersion > pin.version) throw new Behind("the sender follows a newer roster: fetch it first");
  const same = rosterVersion < pin.version || equal(rosterHash, pin.hash);
  refuseUnless(same, "the sender follows another roster: do not go on, ask your office");
}

function checkRecipient({ payload, recipient }: Inner, me: DeviceRecord): void {
  const officer = me.ownerKind === OwnerKind.officer;
  switch (payload.kind) {
    case Kind.text:
    case Kind.attachment:
    case Kind.opened: // Colleagues read along, in the office's own epoch.
      refuseUnless(officer || equal(recipient, me.owner), "the message is for someone else");
      break;
    case Kind.ask:
      refuseUnless(officer || equal(recipient, me.owner), "the message is for someone else");
      refuseUnless(!equal(payload.recipient, me.office), "the office asks to pass on to itself");
      break;
    case Kind.notice:
    case Kind.go:
    case Kind.cancel: // An audience: the notice names it, and go and cancel name the notice.
      break;
    case Kind.grant:
    case Kind.draft:
      refuseUnless(officer && equal(recipient, me.office), "the message is for someone else");
      break;
    case Kind.status:
    case Kind.answer:
    case Kind.caseFile:
      throw new Refused("an office does not send this");
  }
}

/** Refused unless a contact's message is of that device and to that office. */
export function checkFromContact(content: Content, header: Header, { sender, pin }: { sender: DeviceRecord; pin: Pin }): void {
  const { inner, proof } = content;
  const own = equal(header.sender, sender.device) && equal(inner.sender, sender.device);
  checkHead(inner, pin);
  const contact = sender.ownerKind === OwnerKind.contact && equal(sender.office, pin.office);
  refuseUnless(contact && own && equal(inner.recipient, sender.office), "the message is of another device, or to another office");
  const kinds: readonly Kind[] = [Kind.text, Kind.status, Kind.opened, Kind.answer, Kind.caseFile, Kind.attachment];
  refuseUnless(proof === undefined && kinds.includes(inner.payload.kind), "a contact does not send this");
}

/** Whether it follows the last message known of its sender and thread, or some are missing. Refused: a replay, a fork. */
export function checkChain({ counter, prev }: Inner, last: Link | undefined): "follows" | "gap" {
  const ahead = counter - (last?.counter ?? 0);
  refuseUnless(ahead >= 1, "the message is older than one read before");
  if (ahead > 1) return "gap";
  refuseUnless(last === undefined || equal(prev, last.hash), "the message does not follow the one read before");
  return "follows";
}

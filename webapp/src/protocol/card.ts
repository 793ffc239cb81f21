import { type Bytes, equal, isZero } from "./bytes.ts";
import { type DeviceRecord, OwnerKind, deviceRecord } from "./device.ts";
import { digest } from "./encoding.ts";
import { Refused, malformedUnless, refuseUnless } from "./errors.ts";
import { ascending, fixed, hash, id, list, oneOf, optional, raw, struct, time, u64 } from "./record.ts";
import { type Entry, Role, type Roster, entryOf, removalOf, standing, stands } from "./roster.ts";
import { check, sign } from "./signature.ts";

export const Evidence = { letter: 1, number: 2, oldDevice: 3, twoOfficers: 4 } as const;
export type Evidence = (typeof Evidence)[keyof typeof Evidence];

const CERTIFIERS = Role.coordinator | Role.caseworker;

export interface CardBody {
  readonly office: Bytes;
  readonly contact: Bytes;
  readonly serial: number;
  readonly prev: Bytes;
  readonly certifier: Bytes;
  readonly counter: number;
  readonly devices: readonly DeviceRecord[];
  readonly evidence: Evidence;
  readonly issued: number;
}

export interface Card {
  readonly value: CardBody;
  readonly body: Bytes;
  readonly signature: Bytes;
  readonly cosigner?: Bytes | undefined;
  readonly cosignature?: Bytes | undefined;
}

export const cardBody = struct<CardBody>(
  {
    office: hash,
    contact: id,
    serial: u64,
    prev: hash,
    certifier: id,
    counter: u64,
    devices: list(deviceRecord, { min: 1, max: 8 }),
    evidence: oneOf(Evidence),
    issued: time,
  },
  ({ office, contact, serial, prev, counter, devices }) => {
    malformedUnless(serial >= 1 && counter >= 1, "serial and counter start at 1");
    malformedUnless(isZero(prev) === (serial === 1), "the first card, and only it, has none before it");
    ascending(
      devices.map((device) => device.device),
      "devices",
    );
    const own = devices.every(
      (device) =>
        device.ownerKind === OwnerKind.contact && equal(device.owner, contact) && equal(device.office, office),
    );
    malformedUnless(own, "a device on the card is of someone else");
  },
);

type Wire = Omit<Card, "value">;

const cardWire = struct<Wire>(
  { body: raw, signature: fixed(64), cosigner: optional(id), cosignature: optional(fixed(64)) },
  ({ cosigner, cosignature }) => {
    malformedUnless((cosigner === undefined) === (cosignature === undefined), "the cosignature is half there");
  },
);

export const contactCard = {
  encode: (card: Card): Bytes => cardWire.encode(card),
  decode: (bytes: Bytes): Card => {
    const wire = cardWire.decode(bytes);
    return { ...wire, value: cardBody.decode(wire.body) };
  },
};

export function issueCard(value: CardBody, seed: Bytes): Card {
  const body = cardBody.encode(value);
  return { value, body, signature: sign("card", body, seed) };
}

export function cosignCard(card: Card, cosigner: Bytes, seed: Bytes): Card {
  return { ...card, cosigner, cosignature: sign("cosign card", card.body, seed) };
}

export function cardHash(card: Card): Bytes {
  return digest("card", card.body);
}

/**
 * Refused unless the officers who signed could at the time. `former` are entries remembered from older rosters: a
 * removed certifier is judged by its own.
 */
export function checkCard(card: Card, roster: Roster, former: readonly Entry[] = []): void {
  const { certifier, issued, office, serial } = card.value;
  refuseUnless(equal(office, roster.office), "the card is of another office");
  const entry = entryOf(roster, certifier)
    ? standing(roster, certifier, issued, CERTIFIERS)
    : removedEntry(card, roster, former);
  check("card", card.body, card.signature, entry.device.signPk);
  refuseUnless(serial === 1 || card.cosigner !== undefined, "a second officer has to sign this card");
  if (card.cosigner && card.cosignature) {
    const second = standing(roster, card.cosigner, issued, CERTIFIERS);
    refuseUnless(!equal(second.officer, entry.officer), "the second officer has to be another one");
    check("cosign card", card.body, card.cosignature, second.device.signPk);
  }
}

function removedEntry(card: Card, roster: Roster, former: readonly Entry[]): Entry {
  const { certifier, counter, issued } = card.value;
  const removal = removalOf(roster, certifier);
  if (!removal) throw new Refused("the card's certifier does not stand in the roster");
  const last = counter === removal.lastCounter && equal(cardHash(card), removal.lastCard);
  refuseUnless(counter < removal.lastCounter || last, "the card is void: its certifier was removed");
  const entry = former.find(
    ({ device, roles, ...window }) =>
      equal(device.device, certifier) && (roles & CERTIFIERS) !== 0 && stands(window, issued),
  );
  if (!entry) throw new Refused("the card's certifier was removed and is not known from before");
  return entry;
}

/** Refused unless `card` is the held one or a later one, the next naming the held as the one before it. */
export function checkSuccession(card: Card, held: Card): void {
  const same = equal(card.value.office, held.value.office) && equal(card.value.contact, held.value.contact);
  refuseUnless(same, "the card is of another person");
  const ahead = card.value.serial - held.value.serial;
  refuseUnless(ahead >= 0, "the card is older than the one held");
  refuseUnless(ahead !== 0 || equal(card.body, held.body), "there are two cards of one serial: ask your office");
  refuseUnless(ahead !== 1 || equal(card.value.prev, cardHash(held)), "the card does not follow the one held");
}

/** What a phone does with a card. Refused unless every officer's part holds and it names exactly this device. */
export function acceptCard(
  card: Card,
  { roster, own, held, former = [] }: { roster: Roster; own: DeviceRecord; held?: Card | undefined; former?: readonly Entry[] },
): void {
  checkCard(card, roster, former);
  refuseUnless(equal(card.value.contact, own.owner), "the card is of another person");
  const mine = deviceRecord.encode(own);
  const named = card.value.devices.some((device) => equal(deviceRecord.encode(device), mine));
  refuseUnless(named, "the card does not name this phone");
  if (held) checkSuccession(card, held);
}

import { type Bytes, equal } from "./bytes.ts";
import type { Card } from "./card.ts";
import { type DeviceRecord, OwnerKind, deviceRecord } from "./device.ts";
import { Refused, malformedUnless, refuseUnless } from "./errors.ts";
import { hash, id, struct, time } from "./record.ts";
import { signedAs } from "./signature.ts";

/** Seconds by which a phone's clock may run ahead. */
const SLACK = 3600;
/** Of one contact, whoever waits included. */
export const MOST_DEVICES = 3;

/** A contact's device signs that `record` is another one of theirs. */
export interface Addition {
  readonly office: Bytes;
  readonly contact: Bytes;
  readonly device: Bytes;
  readonly record: DeviceRecord;
  readonly at: number;
}

export const signedAddition = signedAs(
  "add device",
  struct<Addition>(
    { office: hash, contact: id, device: id, record: deviceRecord, at: time },
    ({ office, contact, device, record }) => {
      const own = record.ownerKind === OwnerKind.contact && equal(record.owner, contact) && equal(record.office, office);
      malformedUnless(own, "the device that is added is of someone else");
      malformedUnless(!equal(record.device, device), "a device does not add itself");
    },
  ),
);

/** The addition, for the contact whose newest card is `held`: it has to be newer than that. */
export function checkAddition(wire: Bytes, held: Card, now: number): Addition {
  const { office, contact, devices, issued } = held.value;
  const peeked = signedAddition.decode(wire).value;
  refuseUnless(equal(peeked.office, office) && equal(peeked.contact, contact), "the addition is of another contact");
  const signer = devices.find(({ device }) => equal(device, peeked.device));
  if (!signer) throw new Refused("the device that asks is not on the card");
  const addition = signedAddition.open(wire, signer.signPk);
  const { device, signPk, dhPk } = addition.record;
  const known = devices.some((one) => equal(one.device, device) || equal(one.signPk, signPk) || equal(one.dhPk, dhPk));
  refuseUnless(!known, "the card has this device, or its keys, already");
  refuseUnless(devices.length < MOST_DEVICES, "the contact has as many devices as there may be");
  refuseUnless(issued < addition.at && addition.at <= now + SLACK, "the addition is older than the card, or of the future");
  return addition;
}

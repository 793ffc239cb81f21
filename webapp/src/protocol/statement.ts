import { type Bytes, equal } from "./bytes.ts";
import { type DeviceRecord, OwnerKind } from "./device.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { flag, hash, id, oneOf, pattern, struct, text, time, u32, u64, u8 } from "./record.ts";
import { type SignedCodec, signedAs } from "./signature.ts";

/** Seconds from its signature: what somebody agreed to and was never asked again is no agreement any more. */
export const CONSENT_LIFE = 365 * 86_400;

/** The purpose for which an office may pass on a group of fields of the case file to another one. */
export const SHARING = "sharing";
/** The group of fields of a consent to one's own office. */
export const ALL = "all";
export const group = pattern(/^[a-z]{1,16}$/);

export const Reply = { accept: 1, decline: 2, help: 3 } as const;
export type Reply = (typeof Reply)[keyof typeof Reply];

interface Statement {
  readonly office: Bytes;
  readonly contact: Bytes;
  readonly device: Bytes;
  readonly at: number;
}

export interface Consent extends Statement {
  readonly purpose: string;
  readonly recipient: Bytes;
  readonly fields: string;
  readonly textVersion: number;
  readonly language: string;
  readonly given: boolean;
  readonly counter: number;
}

export interface Answer extends Statement {
  readonly offer: Bytes;
  readonly notice: Bytes;
  readonly version: number;
  readonly contentHash: Bytes;
  readonly answer: Reply;
  readonly party: number;
  readonly counter: number;
}

export type Wipe = Statement;

const by = { office: hash, contact: id, device: id };

export const signedConsent = signedAs(
  "consent",
  struct<Consent>(
    {
      ...by,
      purpose: pattern(/^[a-z-]{1,32}$/),
      recipient: hash,
      fields: group,
      textVersion: u32,
      language: text(),
      given: flag,
      counter: u64,
      at: time,
    },
    ({ office, purpose, recipient, fields }) => {
      const sharing = purpose === SHARING;
      malformedUnless(sharing !== equal(recipient, office), "exactly sharing names another office");
      malformedUnless(sharing === (fields !== ALL), "exactly sharing names a group of fields");
    },
  ),
);

export const signedAnswer = signedAs(
  "answer",
  struct<Answer>({
    ...by,
    offer: id,
    notice: id,
    version: u32,
    contentHash: hash,
    answer: oneOf(Reply),
    party: u8,
    counter: u64,
    at: time,
  }),
);

export const signedWipe = signedAs("wipe", struct<Wipe>({ ...by, at: time }));

/** A statement by that device, about itself. The caller compares counters. */
export function openStatement<T extends Statement>(codec: SignedCodec<T>, wire: Bytes, device: DeviceRecord): T {
  const statement = codec.open(wire, device.signPk);
  const own =
    device.ownerKind === OwnerKind.contact &&
    equal(statement.office, device.office) &&
    equal(statement.contact, device.owner) &&
    equal(statement.device, device.device);
  refuseUnless(own, "the statement is of another device");
  return statement;
}

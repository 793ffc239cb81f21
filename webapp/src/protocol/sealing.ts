import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, equal, fromUint, isZero, uint, utf8 } from "./bytes.ts";
import { type Content, type Inner, contentRecord, innerRecord, prove } from "./content.ts";
import { type DeviceRecord, OwnerKind, deviceRecord } from "./device.ts";
import { digest, kdf, random } from "./encoding.ts";
import {
  type Envelope,
  type Header,
  QUARTER,
  SUITE,
  Urgency,
  type Wrap,
  bucketFor,
  bucketSize,
  coarse,
  decodeEnvelope,
  encodeEnvelope,
  encodeHeader,
} from "./envelope.ts";
import { Refused, malformedUnless, refuseUnless } from "./errors.ts";
import { type Psk, openMessage, sealMessage, setUpReceiver, setUpSender, unseal } from "./hpke.ts";
import type { DeviceKeys, PrekeyPair } from "./keys.ts";
import { type OwnPart, ownPart, unpad } from "./notice.ts";
import { type Prekey, checkUsable, prekeyRecord, sameAddress } from "./prekey.ts";
import { lengthPrefixed, rec } from "./record.ts";

const PSK_ID = utf8("qasid/1 ML-KEM-768");
const NONCE = new Uint8Array(12);
const NONE = new Uint8Array();
const OWN_SIZE = 128;
const MAX_OWN = 94;

export interface Recipient {
  readonly prekey: Prekey;
  readonly own?: OwnPart | undefined;
}

export interface Sealing {
  readonly inner: Inner;
  readonly sender: DeviceKeys;
  readonly recipients: readonly Recipient[];
  readonly now: number;
  readonly expires: number;
  readonly urgency?: Urgency;
  /** Random bytes; another source only for known answers. */
  readonly draw?: (size: number) => Bytes;
}

export interface Opened {
  readonly header: Header;
  readonly content: Content;
  readonly own?: OwnPart | undefined;
}

function commitmentOf(contentKey: Bytes): Bytes {
  return kdf(contentKey, NONE, "commit");
}

function wrapInfo(sender: DeviceRecord, prekey: Prekey, kemCt: Bytes): Bytes {
  return digest("wrap", rec(uint(SUITE, 1), deviceRecord.encode(sender), prekeyRecord.encode(prekey), kemCt));
}

function wrapAad(header: Bytes, body: Bytes): Bytes {
  return digest("envelope", rec(header, body));
}

/**
 * One envelope for all recipients. Adds the office's proof when the sender is an officer's device. Refused when a prekey
 * is not usable at `now` or of another office; `expires` is rounded up to 15 minutes. Malformed when the content is too long or a value is out of its form.
 */
export function seal({ inner, sender, recipients, now, expires, urgency = Urgency.routine, draw = random }: Sealing): Bytes {
  refuseUnless(equal(inner.sender, sender.record.device), "the message names another sender");
  for (const { prekey } of recipients) {
    checkUsable(prekey, now);
    refuseUnless(equal(prekey.office, sender.record.office), "a prekey is of another office");
  }
  const envelope = draw(16);
  const contentKey = draw(32);
  const commitment = commitmentOf(contentKey);
  const bare: Content = { inner, body: innerRecord.encode(inner) };
  const officer = sender.record.ownerKind === OwnerKind.officer;
  const binding = { envelope, commitment };
  const content = officer ? prove(sender.record.office, bare, binding, sender.signSeed) : bare;
  const plain = lengthPrefixed(contentRecord.encode(content));
  const bucket = bucketFor(plain.length);
  const times = { time: coarse(now), expires: coarse(expires + QUARTER - 1) };
  const header: Header = { ...binding, ...times, sender: sender.record.device, bucket, urgency };
  const padded = concat(plain, new Uint8Array(bucketSize(bucket) - plain.length));
  const headerBytes = encodeHeader(header);
  const body = chacha20poly1305(kdf(contentKey, NONE, "body"), NONCE, headerBytes).encrypt(padded) as Bytes;
  const aad = wrapAad(headerBytes, body);
  const wraps = recipients.map((recipient) => wrap(recipient, { sender, contentKey, aad, draw }));
  return encodeEnvelope({ header, body, wraps });
}

interface Wrapping {
  readonly sender: DeviceKeys;
  readonly contentKey: Bytes;
  readonly aad: Bytes;
  readonly draw: (size: number) => Bytes;
}

function wrap({ prekey, own }: Recipient, { sender, contentKey, aad, draw }: Wrapping): Wrap {
  const { holderKind, holder, prekey: name } = prekey;
  const { kemCt, psk } = encapsulate(prekey, draw(32));
  const info = wrapInfo(sender.record, prekey, kemCt);
  const { enc, context } = setUpSender({ pkR: prekey.dhPk, info, psk, skS: sender.dhSk, skE: draw(32) });
  const plaintext = own ? concat(contentKey, padOwn(ownPart.encode(own))) : contentKey;
  return { holderKind, holder, prekey: name, kemCt, enc, ciphertext: sealMessage(context, aad, plaintext) };
}

function encapsulate(prekey: Prekey, message: Bytes): { kemCt: Bytes; psk: Psk } {
  try {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(prekey.kemPk, message);
    return { kemCt: cipherText, psk: { key: sharedSecret, id: PSK_ID } };
  } catch {
    throw new Refused("the ML-KEM key is not usable");
  }
}

function padOwn(own: Bytes): Bytes {
  malformedUnless(own.length <= MAX_OWN, "the own part is too long");
  return concat(uint(own.length, 2), own, new Uint8Array(MAX_OWN - own.length));
}

/**
 * Opens the wrap of that prekey, then the body. Refused when it was sealed by or for someone else, was changed, or was
 * not sealed as section 5 says; Malformed when the bytes are not an envelope or hold no content.
 */
export function openEnvelope(data: Bytes, { sender, prekey }: { sender: DeviceRecord; prekey: PrekeyPair }): Opened {
  const envelope = decodeEnvelope(data);
  const { header, body } = envelope;
  refuseUnless(equal(header.sender, sender.device), "the envelope is of another device");
  const headerBytes = encodeHeader(header);
  const { contentKey, own } = unwrap(envelope, headerBytes, { sender, prekey });
  // Before the body: one ciphertext can be made to open under two keys.
  refuseUnless(equal(commitmentOf(contentKey), header.commitment), "the envelope's key is not the one committed to");
  const padded = unseal(kdf(contentKey, NONE, "body"), NONCE, headerBytes, body);
  const plain = unpad(padded);
  refuseUnless(bucketFor(plain.length + 4) === header.bucket, "the envelope is larger than it has to be");
  return { header, content: contentRecord.decode(plain), own };
}

function unwrap(
  { body, wraps }: Envelope,
  headerBytes: Bytes,
  { sender, prekey: pair }: { sender: DeviceRecord; prekey: PrekeyPair },
): { contentKey: Bytes; own?: OwnPart | undefined } {
  const mine = wraps.find((candidate) => sameAddress(candidate, pair.prekey));
  if (!mine) throw new Refused("the envelope is for someone else");
  const { secretKey } = ml_kem768.keygen(pair.kemSeed);
  const key = ml_kem768.decapsulate(mine.kemCt, secretKey) as Bytes;
  const info = wrapInfo(sender, pair.prekey, mine.kemCt);
  const psk = { key, id: PSK_ID };
  const context = setUpReceiver({ enc: mine.enc, skR: pair.dhSk, info, psk, pkS: sender.dhPk });
  const plaintext = openMessage(context, wrapAad(headerBytes, body), mine.ciphertext);
  const contentKey = plaintext.slice(0, 32);
  return plaintext.length === OWN_SIZE ? { contentKey, own: ownOf(plaintext.slice(32)) } : { contentKey };
}

function ownOf(padded: Bytes): OwnPart {
  const size = fromUint(padded.subarray(0, 2));
  refuseUnless(size <= MAX_OWN && isZero(padded.subarray(2 + size)), "the padding is not zeros");
  return ownPart.decode(padded.slice(2, 2 + size));
}

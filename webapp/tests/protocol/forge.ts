import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, equal, uint, utf8 } from "../../src/protocol/bytes.ts";
import { type DeviceRecord, deviceRecord } from "../../src/protocol/device.ts";
import { digest, kdf, random } from "../../src/protocol/encoding.ts";
import { type Header, decodeEnvelope, encodeEnvelope, encodeHeader } from "../../src/protocol/envelope.ts";
import { Refused } from "../../src/protocol/errors.ts";
import { openMessage, sealMessage, setUpReceiver, setUpSender } from "../../src/protocol/hpke.ts";
import type { DeviceKeys, PrekeyPair } from "../../src/protocol/keys.ts";
import { type Prekey, prekeyRecord, sameAddress } from "../../src/protocol/prekey.ts";
import { lengthPrefixed, rec } from "../../src/protocol/record.ts";
import * as o from "./office.ts";

// Sealing and opening written once more from the protocol's text, with every defence apart: what a malicious sender
// does, and the reader it would succeed against.

const PSK_ID = utf8("qasid/1 ML-KEM-768");
const NONCE = new Uint8Array(12);
const NONE = new Uint8Array();

export interface Defence {
  /** The wrap's aad: ours binds the body, the weak variant the header alone. */
  readonly bindBody: boolean;
  readonly checkCommitment: boolean;
}

export const OURS: Defence = { bindBody: true, checkCommitment: true };

export function commit(contentKey: Bytes): Bytes {
  return kdf(contentKey, NONE, "commit");
}

export function bodyKey(contentKey: Bytes): Bytes {
  return kdf(contentKey, NONE, "body");
}

function infoOf(sender: DeviceRecord, prekey: Prekey, kemCt: Bytes): Bytes {
  return digest("wrap", rec(uint(1, 1), deviceRecord.encode(sender), prekeyRecord.encode(prekey), kemCt));
}

function aadOf(header: Header, body: Bytes, { bindBody }: Defence): Bytes {
  return digest("envelope", bindBody ? rec(encodeHeader(header), body) : rec(encodeHeader(header)));
}

export function headerOf(sender: DeviceKeys, commitment: Bytes, changes: Partial<Header> = {}): Header {
  const times = { time: o.NOW, expires: o.NOW + o.DAY };
  const names = { envelope: o.named("envelope", 16), sender: sender.record.device };
  return { ...names, ...times, bucket: 0, urgency: 0, commitment, ...changes };
}

/** `lp(content)` and zeros. */
export function pad(content: Bytes, bucket = 0): Bytes {
  const plain = lengthPrefixed(content);
  return concat(plain, new Uint8Array(512 * 2 ** bucket - plain.length));
}

export function sealBody(contentKey: Bytes, header: Header, padded: Bytes): Bytes {
  return chacha20poly1305(bodyKey(contentKey), NONCE, encodeHeader(header)).encrypt(padded);
}

export interface Forgery {
  readonly header: Header;
  readonly body: Bytes;
  readonly sender: DeviceKeys;
  /** Each prekey with the wrap's plaintext. */
  readonly wraps: readonly (readonly [Prekey, Bytes])[];
  readonly defence?: Defence;
  readonly draw?: (size: number) => Bytes;
}

/** Wraps anything around any body. */
export function assemble({ header, body, sender, wraps, defence = OURS, draw = random }: Forgery): Bytes {
  const aad = aadOf(header, body, defence);
  const sealed = wraps.map(([prekey, plaintext]) => {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(prekey.kemPk, draw(32));
    const psk = { key: sharedSecret as Bytes, id: PSK_ID };
    const kemCt = cipherText as Bytes;
    const info = infoOf(sender.record, prekey, kemCt);
    const { enc, context } = setUpSender({ pkR: prekey.dhPk, info, psk, skS: sender.dhSk, skE: draw(32) });
    return { ...prekey, kemCt, enc, ciphertext: sealMessage(context, aad, plaintext) };
  });
  return encodeEnvelope({ header, body, wraps: sealed });
}

/** Opens with the given defences, to the padded bytes. */
export function openWith(data: Bytes, sender: DeviceRecord, to: { pair: PrekeyPair; defence: Defence }): Bytes {
  const { pair, defence } = to;
  const { header, body, wraps } = decodeEnvelope(data);
  const wrap = wraps.find((candidate) => sameAddress(candidate, pair.prekey));
  if (!wrap) throw new Refused("no wrap");
  const key = ml_kem768.decapsulate(wrap.kemCt, ml_kem768.keygen(pair.kemSeed).secretKey) as Bytes;
  const info = infoOf(sender, pair.prekey, wrap.kemCt);
  const psk = { key, id: PSK_ID };
  const context = setUpReceiver({ enc: wrap.enc, skR: pair.dhSk, info, psk, pkS: sender.dhPk });
  const contentKey = openMessage(context, aadOf(header, body, defence), wrap.ciphertext);
  if (defence.checkCommitment && !equal(commit(contentKey), header.commitment)) throw new Refused("key");
  return chacha20poly1305(bodyKey(contentKey), NONCE, encodeHeader(header)).decrypt(body);
}

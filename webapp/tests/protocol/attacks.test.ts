import { chacha20, chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { expect, test } from "vitest";
import { type Bytes, concat, equal, fromUtf8, uint, utf8 } from "../../src/protocol/bytes.ts";
import { Kind, contentRecord, innerRecord } from "../../src/protocol/content.ts";
import { type DeviceRecord, deviceRecord } from "../../src/protocol/device.ts";
import { digest, kdf, random } from "../../src/protocol/encoding.ts";
import { type Header, decodeEnvelope, encodeEnvelope, encodeHeader } from "../../src/protocol/envelope.ts";
import { Refused } from "../../src/protocol/errors.ts";
import { openMessage, sealMessage, setUpReceiver, setUpSender } from "../../src/protocol/hpke.ts";
import type { DeviceKeys, PrekeyPair } from "../../src/protocol/keys.ts";
import { type Prekey, prekeyRecord, sameAddress } from "../../src/protocol/prekey.ts";
import { lengthPrefixed, rec } from "../../src/protocol/record.ts";
import { openEnvelope } from "../../src/protocol/sealing.ts";
import * as o from "./office.ts";

// The two attacks of PROTOCOL section 5. Both succeed on a variant that is ours but for the defence in question; both
// fail on ours. The variant is written out here, from the protocol's text.

const PSK_ID = utf8("qasid/1 ML-KEM-768");
const NONCE = new Uint8Array(12);
const NONE = new Uint8Array();
const SIZE = 512;

interface Defence {
  /** The wrap's aad: ours binds the body, the weak variant the header alone. */
  readonly bindBody: boolean;
  readonly checkCommitment: boolean;
}

const OURS: Defence = { bindBody: true, checkCommitment: true };

function infoOf(sender: DeviceRecord, prekey: Prekey, kemCt: Bytes): Bytes {
  return digest("wrap", rec(uint(1, 1), deviceRecord.encode(sender), prekeyRecord.encode(prekey), kemCt));
}

function aadOf(header: Bytes, body: Bytes, { bindBody }: Defence): Bytes {
  return digest("envelope", bindBody ? rec(header, body) : rec(header));
}

function headerWith(commitment: Bytes): Header {
  const times = { time: o.NOW, expires: o.NOW + o.DAY };
  return { envelope: random(16), sender: o.phone.record.device, ...times, bucket: 0, urgency: 0, commitment };
}

/** Wraps any content keys around any body, as a malicious sender would. */
function assemble(
  header: Header,
  body: Bytes,
  { sender, wraps, defence }: { sender: DeviceKeys; wraps: [Prekey, Bytes][]; defence: Defence },
): Bytes {
  const aad = aadOf(encodeHeader(header), body, defence);
  const sealed = wraps.map(([prekey, contentKey]) => {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(prekey.kemPk);
    const psk = { key: sharedSecret as Bytes, id: PSK_ID };
    const kemCt = cipherText as Bytes;
    const info = infoOf(sender.record, prekey, kemCt);
    const { enc, context } = setUpSender({ pkR: prekey.dhPk, info, psk, skS: sender.dhSk });
    return { ...prekey, kemCt, enc, ciphertext: sealMessage(context, aad, contentKey) };
  });
  return encodeEnvelope({ header, body, wraps: sealed });
}

/** Opens with the given defences, to the padded bytes. */
function openWith(data: Bytes, sender: DeviceRecord, { pair, defence }: { pair: PrekeyPair; defence: Defence }): Bytes {
  const { header, body, wraps } = decodeEnvelope(data);
  const wrap = wraps.find((candidate) => sameAddress(candidate, pair.prekey));
  if (!wrap) throw new Refused("no wrap");
  const key = ml_kem768.decapsulate(wrap.kemCt, ml_kem768.keygen(pair.kemSeed).secretKey) as Bytes;
  const info = infoOf(sender, pair.prekey, wrap.kemCt);
  const psk = { key, id: PSK_ID };
  const context = setUpReceiver({ enc: wrap.enc, skR: pair.dhSk, info, psk, pkS: sender.dhPk });
  const contentKey = openMessage(context, aadOf(encodeHeader(header), body, defence), wrap.ciphertext);
  if (defence.checkCommitment && !equal(kdf(contentKey, NONE, "commit"), header.commitment)) throw new Refused("key");
  return chacha20poly1305(kdf(contentKey, NONE, "body"), NONCE, encodeHeader(header)).decrypt(body);
}

function paddedText(text: string): Bytes {
  const body = innerRecord.encode(o.inner(o.phone, o.office, { kind: Kind.text, text }));
  const plain = lengthPrefixed(contentRecord.encode({ body }));
  return concat(plain, new Uint8Array(SIZE - plain.length));
}

test("body swap: one recipient and the relay give another recipient another body", () => {
  const attack = (defence: Defence): Bytes => {
    const contentKey = random(32);
    const header = headerWith(kdf(contentKey, NONE, "commit"));
    const aead = () => chacha20poly1305(kdf(contentKey, NONE, "body"), NONCE, encodeHeader(header));
    const honest = aead().encrypt(paddedText("the bridge is closed")) as Bytes;
    const wraps: [Prekey, Bytes][] = [o.epoch.prekey, o.colleaguePrekey.prekey].map((prekey) => [prekey, contentKey]);
    const envelope = assemble(header, honest, { sender: o.phone, wraps, defence });
    // The colleague opened the envelope and so knows the content key; the relay exchanges the body.
    const swapped = aead().encrypt(paddedText("the bridge is open")) as Bytes;
    return encodeEnvelope({ ...decodeEnvelope(envelope), body: swapped });
  };
  const weak = { ...OURS, bindBody: false };
  const read = openWith(attack(weak), o.phone.record, { pair: o.epoch, defence: weak });
  expect(read).toEqual(paddedText("the bridge is open"));
  expect(() => openEnvelope(attack(OURS), { sender: o.phone.record, prekey: o.epoch })).toThrow(Refused);
});

const P = 2n ** 130n - 5n;
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;

function little(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Poly1305's sum over the blocks as a polynomial in r, by RFC 8439 section 2.8. */
function poly(r: bigint, header: Uint8Array, ciphertext: Uint8Array): bigint {
  const pad = (bytes: Uint8Array) => concat(bytes, new Uint8Array(-bytes.length & 15));
  const lengths = concat(uint(header.length, 8).reverse(), uint(ciphertext.length, 8).reverse());
  const message = concat(pad(header), pad(ciphertext), lengths);
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    sum = ((sum + little(message.subarray(at, at + 16)) + 2n ** 128n) * r) % P;
  }
  return sum;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; b = (b * b) % P, e >>= 1n) if (e & 1n) result = (result * b) % P;
  return result;
}

/** A ciphertext with one tag under two keys: `first` reads at byte 0 under one, `second` at byte 256 under the other. */
function twoFaced(keys: readonly [Bytes, Bytes], header: Uint8Array, texts: readonly [Bytes, Bytes]): Bytes {
  const stream = (key: Bytes, size: number, counter: number) =>
    chacha20(key, NONCE, new Uint8Array(size), undefined, counter);
  const [one, two] = keys.map((key) => {
    const block = stream(key, 32, 0);
    return { r: little(block.subarray(0, 16)) & CLAMP, s: little(block.subarray(16)), stream: stream(key, SIZE, 1) };
  });
  if (!one || !two) throw new Error("two keys");
  const last = SIZE - 16;
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const ciphertext = new Uint8Array(SIZE);
    texts[0].forEach((byte, at) => (ciphertext[at] = byte ^ (one.stream[at] ?? 0)));
    texts[1].forEach((byte, at) => (ciphertext[256 + at] = byte ^ (two.stream[256 + at] ?? 0)));
    ciphertext.set(uint(attempt, 4), 128);
    // The last ciphertext block is followed by the block of lengths: its factor is r squared.
    const factor = (power(one.r, 2n) - power(two.r, 2n) + P) % P;
    const difference = poly(two.r, header, ciphertext) + two.s - poly(one.r, header, ciphertext) - one.s;
    const solution = ((((difference % P) + P) % P) * power(factor, P - 2n)) % P;
    if (solution >= 2n ** 128n) continue;
    for (let at = 0, rest = solution; at < 16; at++, rest >>= 8n) ciphertext[last + at] = Number(rest & 255n);
    const tags = [one, two].map(({ r, s }) => (poly(r, header, ciphertext) + s) % 2n ** 128n);
    if (tags[0] !== tags[1]) continue;
    let tag = tags[0] ?? 0n;
    const tail = Uint8Array.from({ length: 16 }, () => {
      const byte = Number(tag & 255n);
      tag >>= 8n;
      return byte;
    });
    return concat(ciphertext, tail);
  }
  throw new Error("no ciphertext was found");
}

test("two keys: one body opens to two chosen texts", () => {
  const contentKeys: [Bytes, Bytes] = [random(32), random(32)];
  const header = headerWith(kdf(contentKeys[0], NONE, "commit"));
  const bodyKeys = contentKeys.map((key) => kdf(key, NONE, "body")) as [Bytes, Bytes];
  const texts = [utf8("go to the north gate"), utf8("stay where you are")] as [Bytes, Bytes];
  const body = twoFaced(bodyKeys, encodeHeader(header), texts);
  const wraps: [Prekey, Bytes][] = [
    [o.epoch.prekey, contentKeys[0]],
    [o.colleaguePrekey.prekey, contentKeys[1]],
  ];
  const envelope = assemble(header, body, { sender: o.phone, wraps, defence: OURS });
  const weak = { ...OURS, checkCommitment: false };
  const one = openWith(envelope, o.phone.record, { pair: o.epoch, defence: weak });
  const two = openWith(envelope, o.phone.record, { pair: o.colleaguePrekey, defence: weak });
  expect(fromUtf8(one.subarray(0, texts[0].length))).toBe("go to the north gate");
  expect(fromUtf8(two.subarray(256, 256 + texts[1].length))).toBe("stay where you are");
  expect(() => openEnvelope(envelope, { sender: o.phone.record, prekey: o.colleaguePrekey })).toThrow(/committed/);
});

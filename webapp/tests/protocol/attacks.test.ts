import { chacha20 } from "@noble/ciphers/chacha.js";
import { expect, test } from "vitest";
import { type Bytes, concat, fromUtf8, uint, utf8 } from "../../src/protocol/bytes.ts";
import { Kind, contentRecord, innerRecord } from "../../src/protocol/content.ts";
import { random } from "../../src/protocol/encoding.ts";
import { decodeEnvelope, encodeEnvelope, encodeHeader } from "../../src/protocol/envelope.ts";
import { Refused } from "../../src/protocol/errors.ts";
import type { Prekey } from "../../src/protocol/prekey.ts";
import { openEnvelope } from "../../src/protocol/sealing.ts";
import { type Defence, OURS, assemble, bodyKey, commit, headerOf, openWith, pad, sealBody } from "./forge.ts";
import * as o from "./office.ts";

// The two attacks of PROTOCOL section 5. Both succeed on a variant that is ours but for the defence in question; both
// fail on ours. The variant is forge.ts.

const NONCE = new Uint8Array(12);
const SIZE = 512;

function paddedText(text: string): Bytes {
  const body = innerRecord.encode(o.inner(o.phone, o.office, { kind: Kind.text, text }));
  return pad(contentRecord.encode({ body }));
}

test("body swap: one recipient and the relay give another recipient another body", () => {
  const attack = (defence: Defence): Bytes => {
    const contentKey = random(32);
    const header = headerOf(o.phone, commit(contentKey));
    const honest = sealBody(contentKey, header, paddedText("the bridge is closed"));
    const wraps: [Prekey, Bytes][] = [o.epoch.prekey, o.colleaguePrekey.prekey].map((prekey) => [prekey, contentKey]);
    const envelope = assemble({ header, body: honest, sender: o.phone, wraps, defence });
    // The colleague opened the envelope and so knows the content key; the relay exchanges the body.
    const swapped = sealBody(contentKey, header, paddedText("the bridge is open"));
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
  const header = headerOf(o.phone, commit(contentKeys[0]));
  const bodyKeys = contentKeys.map(bodyKey) as [Bytes, Bytes];
  const texts = [utf8("go to the north gate"), utf8("stay where you are")] as [Bytes, Bytes];
  const body = twoFaced(bodyKeys, encodeHeader(header), texts);
  const wraps: [Prekey, Bytes][] = [
    [o.epoch.prekey, contentKeys[0]],
    [o.colleaguePrekey.prekey, contentKeys[1]],
  ];
  const envelope = assemble({ header, body, sender: o.phone, wraps });
  const weak = { ...OURS, checkCommitment: false };
  const one = openWith(envelope, o.phone.record, { pair: o.epoch, defence: weak });
  const two = openWith(envelope, o.phone.record, { pair: o.colleaguePrekey, defence: weak });
  expect(fromUtf8(one.subarray(0, texts[0].length))).toBe("go to the north gate");
  expect(fromUtf8(two.subarray(256, 256 + texts[1].length))).toBe("stay where you are");
  expect(() => openEnvelope(envelope, { sender: o.phone.record, prekey: o.colleaguePrekey })).toThrow(/committed/);
});

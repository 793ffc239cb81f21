import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { Kind, type Payload, Status } from "../../src/protocol/content.ts";
import { decodeEnvelope, encodeEnvelope } from "../../src/protocol/envelope.ts";
import { Behind, Malformed, Refused } from "../../src/protocol/errors.ts";
import type { PrekeyPair } from "../../src/protocol/keys.ts";
import { checkChain, checkFromContact, composeToOffice, readFromOffice } from "../../src/protocol/message.ts";
import { signedPrekey } from "../../src/protocol/prekey.ts";
import { type Opened, openEnvelope, seal } from "../../src/protocol/sealing.ts";
import * as o from "./office.ts";

const greeting: Payload = { kind: Kind.text, text: "سلام" };
const inOneDay = { now: o.NOW, expires: o.NOW + o.DAY };

function toOffice(payload: Payload): Bytes {
  const message = { keys: o.phone, followed: o.followed, thread: o.thread, payload, now: o.NOW, life: o.DAY };
  return composeToOffice(message).envelope;
}

const openAtOffice = (data: Bytes): Opened => openEnvelope(data, { sender: o.phone.record, prekey: o.epoch });

function toPhone(recipients: readonly PrekeyPair[] = [o.phonePrekey], rosterVersion = 1): Bytes {
  const own = { alias: "K-4821", offer: o.named("offer", 16), party: 4, answerBy: o.NOW + o.DAY };
  return seal({
    inner: o.inner(o.coordinator, o.phone.record.owner, greeting, { rosterVersion }),
    sender: o.coordinator,
    recipients: recipients.map(({ prekey }) => ({ prekey, own })),
    ...inOneDay,
  });
}

const readOnPhone = (data: Bytes) =>
  readFromOffice(data, { me: o.phone.record, prekeys: [o.phonePrekey], followed: o.followed });

describe("what is sealed opens", () => {
  test("a status reaches the office, unsigned and chained", () => {
    const { header, content } = openAtOffice(toOffice({ kind: Kind.status, status: Status.safe, text: "we are safe" }));
    expect(content.inner.payload).toEqual({ kind: Kind.status, status: Status.safe, text: "we are safe" });
    expect(content.proof).toBeUndefined();
    expect([header.bucket, header.time % 900]).toEqual([0, 0]);
    expect(checkChain(content.inner, undefined)).toBe("follows");
    const { pin } = o.followed;
    checkFromContact(content, header, { sender: o.phone.record, pin });
    expect(() => {
      checkFromContact(content, header, { sender: o.stranger.record, pin });
    }).toThrow(Refused);
  });

  test("a reply reaches the phone with its own part, signed by the officer", () => {
    const message = readOnPhone(toPhone());
    expect(message.inner.payload).toEqual(greeting);
    expect(message.own).toMatchObject({ alias: "K-4821", party: 4 });
    expect(message.entry.roleCode).toBe("C-01");
  });

  test("each recipient opens the envelope with its own wrap alone", () => {
    const data = toPhone([o.phonePrekey, o.epoch]);
    const envelope = decodeEnvelope(data);
    for (const [at, prekey] of [o.phonePrekey, o.epoch].entries()) {
      const served = encodeEnvelope({ ...envelope, wraps: envelope.wraps.slice(at, at + 1) });
      expect(openEnvelope(served, { sender: o.coordinator.record, prekey }).content.inner.payload).toEqual(greeting);
    }
  });

  test("any text comes back as it was, in the smallest bucket", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 3000 }), (text) => {
        const data = toOffice({ kind: Kind.text, text });
        const { header, content } = openAtOffice(data);
        expect(content.inner.payload).toEqual({ kind: Kind.text, text });
        const size = content.body.length + 4 + 4 + 4;
        expect(512 * 2 ** header.bucket).toBeGreaterThanOrEqual(size);
        expect(header.bucket === 0 || 256 * 2 ** header.bucket < size).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("a status and the prekey for the reply stay small", () => {
    const status = toOffice({ kind: Kind.status, status: Status.needHelp, text: "" });
    const prekey = signedPrekey.sign(o.phonePrekey.prekey, o.phone.signSeed);
    expect(status.length).toBe(84 + 512 + 16 + 2 + 1202);
    expect(status.length + prekey.length).toBeLessThan(4096);
  });
});

describe("what was touched does not open", () => {
  test("any flipped bit", () => {
    const sealed = toOffice(greeting);
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = sealed.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => openAtOffice(changed)).toThrow(/./);
        try {
          openAtOffice(changed);
        } catch (error) {
          expect(error instanceof Malformed || error instanceof Refused).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("every bit of the header", () => {
    const sealed = toOffice(greeting);
    for (let at = 0; at < 84; at++) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openAtOffice(changed)).toThrow(/./);
    }
  });

  test("truncated or lengthened anywhere", () => {
    const sealed = toOffice(greeting);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (size) => {
        expect(() => openAtOffice(sealed.slice(0, size))).toThrow(Malformed);
      }),
    );
    expect(() => openAtOffice(new Uint8Array([...sealed, 0]))).toThrow(Malformed);
  });

  test("another sender, another recipient, another prekey of the same name", () => {
    const sealed = toOffice(greeting);
    const forged = { ...o.phone.record, dhPk: o.otherPhone.record.dhPk };
    expect(() => openEnvelope(sealed, { sender: o.otherPhone.record, prekey: o.epoch })).toThrow(Refused);
    expect(() => openEnvelope(sealed, { sender: forged, prekey: o.epoch })).toThrow(Refused);
    expect(() => openEnvelope(sealed, { sender: o.phone.record, prekey: o.colleaguePrekey })).toThrow(Refused);
    for (const other of [
      { ...o.epoch, dhSk: o.named("x") },
      { ...o.epoch, kemSeed: o.named("x", 64) },
      { ...o.epoch, prekey: { ...o.epoch.prekey, sequence: 2 } },
    ]) {
      expect(() => openEnvelope(sealed, { sender: o.phone.record, prekey: other })).toThrow(Refused);
    }
  });
});

describe("what may not be sealed or read", () => {
  const inner = o.inner(o.phone, o.office, greeting);
  const sealing = { inner, sender: o.phone, recipients: [{ prekey: o.epoch.prekey }], ...inOneDay };

  test("prekeys out of their time or of another office, another sender's message, keys that are none", () => {
    expect(() => seal({ ...sealing, now: o.NOW + 6 * o.DAY, expires: o.NOW + 7 * o.DAY })).toThrow(Refused);
    expect(() => seal({ ...sealing, now: o.NOW - o.DAY - o.HOUR - 1 })).toThrow(Refused);
    expect(() => seal({ ...sealing, sender: o.otherPhone })).toThrow(Refused);
    for (const change of [
      { office: o.named("another office") },
      { dhPk: new Uint8Array(32) },
      { kemPk: new Uint8Array(1184).fill(255) },
    ]) {
      expect(() => seal({ ...sealing, recipients: [{ prekey: { ...o.epoch.prekey, ...change } }] })).toThrow(Refused);
    }
  });

  test("no recipient, the same one twice, too long a life, too much text", () => {
    const twice = [{ prekey: o.epoch.prekey }, { prekey: o.epoch.prekey }];
    expect(() => seal({ ...sealing, recipients: [] })).toThrow(Malformed);
    expect(() => seal({ ...sealing, recipients: twice })).toThrow(Malformed);
    expect(() => seal({ ...sealing, expires: o.NOW + 61 * o.DAY })).toThrow(Malformed);
    const long: Payload = { kind: Kind.text, text: "x".repeat(16_385) };
    expect(() => seal({ ...sealing, inner: { ...inner, payload: long } })).toThrow(Malformed);
  });

  test("a message by nobody who stands, for someone else, or under a newer roster", () => {
    const sealFor = (changes: Partial<typeof inner>) =>
      seal({
        inner: o.inner(o.coordinator, o.phone.record.owner, greeting, changes),
        sender: o.coordinator,
        recipients: [{ prekey: o.phonePrekey.prekey }],
        ...inOneDay,
      });
    expect(() => readOnPhone(sealFor({ recipient: o.stranger.record.owner }))).toThrow(Refused);
    expect(() => readOnPhone(sealFor({ sentAt: o.NOW + 20 * o.DAY + o.HOUR }))).toThrow(Refused);
    expect(readOnPhone(sealFor({ sentAt: o.NOW + 20 * o.DAY + o.HOUR - 1 })).inner.payload).toEqual(greeting);
    expect(() => readOnPhone(sealFor({ rosterHash: o.named("another roster") }))).toThrow(Refused);
    expect(() => readOnPhone(sealFor({ rosterVersion: 2 }))).toThrow(Behind);
    const payload: Payload = { kind: Kind.status, status: Status.safe, text: "" };
    expect(() => readOnPhone(sealFor({ recipient: o.office, payload }))).toThrow(Refused);
  });

  test("a proof taken from another envelope", () => {
    const proofOf = (data: Bytes) =>
      openEnvelope(data, { sender: o.coordinator.record, prekey: o.phonePrekey }).content.proof;
    expect(proofOf(toPhone())).not.toEqual(proofOf(toPhone()));
  });
});

test("a thread shows gaps and refuses replays and forks", () => {
  const one = o.inner(o.phone, o.office, greeting);
  const hash = o.hashOf(one);
  const next = (counter: number, prev = hash) => o.inner(o.phone, o.office, greeting, { counter, prev });
  const last = { counter: 1, hash };
  expect(checkChain(one, undefined)).toBe("follows");
  expect(checkChain(next(2), last)).toBe("follows");
  expect(checkChain(next(3), last)).toBe("gap");
  expect(checkChain(next(2), undefined)).toBe("gap");
  expect(() => checkChain(one, last)).toThrow(Refused);
  expect(() => checkChain(next(2, o.named("fork")), last)).toThrow(Refused);
});

import { type Bytes, concat, uint } from "../../../src/protocol/bytes.ts";
import { type Inner, Kind, type Payload, Status, contentRecord, innerRecord } from "../../../src/protocol/content.ts";
import { type DeviceRecord, deviceRecord } from "../../../src/protocol/device.ts";
import { type Envelope, decodeEnvelope, encodeEnvelope } from "../../../src/protocol/envelope.ts";
import type { DeviceKeys, PrekeyPair } from "../../../src/protocol/keys.ts";
import { type OwnPart, ownPart } from "../../../src/protocol/notice.ts";
import { type Prekey, prekeyRecord } from "../../../src/protocol/prekey.ts";
import { seal } from "../../../src/protocol/sealing.ts";
import { assemble, commit, headerOf, pad, sealBody } from "../forge.ts";
import * as o from "../office.ts";
import { type Raw, Topic, flip } from "./topic.ts";

const own: OwnPart = { alias: "K-4821", offer: o.named("offer", 16), party: 5, answerBy: o.NOW + o.DAY };
const text = (length: number): Payload => ({ kind: Kind.text, text: "س".repeat(length) });

interface Sample {
  readonly inner: Inner;
  readonly sender: DeviceKeys;
  readonly recipients: readonly { readonly prekey: Prekey; readonly own?: OwnPart }[];
}

const status: Sample = {
  inner: o.inner(o.phone, o.office, { kind: Kind.status, status: Status.needHelp, text: "" }),
  sender: o.phone,
  recipients: [{ prekey: o.epoch.prekey }],
};

const reply: Sample = {
  inner: o.inner(o.coordinator, o.phone.record.owner, text(300)),
  sender: o.coordinator,
  recipients: [{ prekey: o.phonePrekey.prekey }, { prekey: o.epoch.prekey }],
};

const notice: Sample = {
  inner: o.inner(o.coordinator, o.notice.audience, {
    kind: Kind.notice,
    notice: o.notice,
    approvals: o.inDeviceOrder([o.approval(o.coordinator), o.approval(o.colleague)]),
  }),
  sender: o.coordinator,
  recipients: [{ prekey: o.phonePrekey.prekey, own }],
};

const times = { now: o.NOW, expires: o.NOW + o.DAY };

function sealed({ inner, sender, recipients }: Sample, name: string): Bytes {
  return seal({ inner, sender, recipients, ...times, draw: o.drawing(name) });
}

function opening(envelope: Bytes, sender: DeviceRecord, pair: PrekeyPair): Record<string, Raw> {
  const prekey = prekeyRecord.encode(pair.prekey);
  return { envelope, sender: deviceRecord.encode(sender), prekey, dh_sk: pair.dhSk, kem_seed: pair.kemSeed };
}

function sealing(topic: Topic, name: string, { inner, sender, recipients }: Sample): void {
  const draw = o.drawing(name);
  topic.add(`${name}: sealed`, "seal", {
    inner: innerRecord.encode(inner),
    sender: deviceRecord.encode(sender.record),
    sign_seed: sender.signSeed,
    dh_sk: sender.dhSk,
    ...times,
    urgency: 0,
    envelope_id: draw(16),
    content_key: draw(32),
    recipients: recipients.map(({ prekey, own: part }) => {
      const kem_m = draw(32);
      const ephemeral = draw(32);
      return { prekey: prekeyRecord.encode(prekey), own: part ? ownPart.encode(part) : "", ephemeral, kem_m };
    }),
  });
}

/** Where each field of a one-wrap envelope in bucket 0 begins. */
const FIELDS = { version: 0, suite: 1, id: 2, sender: 18, time: 34, expires: 42, bucket: 50, urgency: 51, commitment: 52 };
const BODY = 84;
const COUNT = BODY + 528;
const WRAP = COUNT + 2;

function touched(topic: Topic, envelope: Bytes): void {
  const given = opening(envelope, o.phone.record, o.epoch);
  const bad = (name: string, changed: Bytes, fails: "malformed" | "refused") => {
    topic.add(`status: ${name}`, "open", { ...given, envelope: changed }, fails);
  };
  for (const field of ["version", "suite", "bucket"] as const) {
    bad(`${field} flipped`, flip(envelope, FIELDS[field]), "malformed");
  }
  for (const [name, at] of Object.entries({ id: 2, commitment: 83, body: BODY, "body tag": COUNT - 1 })) {
    bad(`${name} flipped`, flip(envelope, at), "refused");
  }
  bad("sender flipped", flip(envelope, FIELDS.sender), "refused");
  bad("time flipped finely", flip(envelope, FIELDS.time + 7), "malformed");
  bad("time a quarter later", patched(envelope, FIELDS.time, uint(o.NOW + 900, 8)), "refused");
  bad("expires a quarter later", patched(envelope, FIELDS.expires, uint(o.NOW + o.DAY + 900, 8)), "refused");
  bad("expires before time", patched(envelope, FIELDS.expires, uint(o.NOW - 900, 8)), "malformed");
  bad("expires at time", patched(envelope, FIELDS.expires, uint(o.NOW, 8)), "malformed");
  bad("expires after 60 days and a quarter", patched(envelope, FIELDS.expires, uint(o.NOW + 60 * o.DAY + 900, 8)), "malformed");
  bad("urgent instead of routine", flip(envelope, FIELDS.urgency), "refused");
  bad("urgency 2", flip(envelope, FIELDS.urgency, 2), "malformed");
  bad("count 0", patched(envelope, COUNT, uint(0, 2)), "malformed");
  bad("count 2", patched(envelope, COUNT, uint(2, 2)), "malformed");
  bad("holder kind 0", patched(envelope, WRAP, uint(0, 1)), "malformed");
  bad("holder kind 3", patched(envelope, WRAP, uint(3, 1)), "malformed");
  bad("an epoch with a holder", flip(envelope, WRAP + 1), "malformed");
  bad("another prekey", flip(envelope, WRAP + 17), "refused");
  bad("ML-KEM ciphertext flipped", flip(envelope, WRAP + 33), "refused");
  bad("ML-KEM ciphertext flipped at its end", flip(envelope, WRAP + 1120), "refused");
  bad("enc flipped", flip(envelope, WRAP + 1121), "refused");
  bad("enc of small order", patched(envelope, WRAP + 1121, o.ZEROS), "refused");
  bad("form 1 on a bare wrap", patched(envelope, WRAP + 1153, uint(1, 1)), "malformed");
  bad("form 2", patched(envelope, WRAP + 1153, uint(2, 1)), "malformed");
  bad("wrap flipped", flip(envelope, WRAP + 1154), "refused");
  bad("wrap tag flipped", flip(envelope, -1), "refused");
  for (const size of [0, 1, BODY - 1, BODY, COUNT, COUNT + 1, WRAP, WRAP + 1153, envelope.length - 1]) {
    bad(`cut to ${size} bytes`, envelope.slice(0, size), "malformed");
  }
  bad("a byte more", concat(envelope, uint(0, 1)), "malformed");
  bad("its wrap twice", concat(patched(envelope, COUNT, uint(2, 2)), envelope.slice(WRAP)), "malformed");
}

function patched(bytes: Bytes, at: number, value: Uint8Array): Bytes {
  const changed = bytes.slice();
  changed.set(value, at);
  return changed;
}

function misread(topic: Topic, envelope: Bytes): void {
  const given = opening(envelope, o.phone.record, o.epoch);
  const { record } = o.phone;
  const senders: Record<string, DeviceRecord> = {
    "another device": o.otherPhone.record,
    "another DH key": { ...record, dhPk: o.otherPhone.record.dhPk },
    "another signing key": { ...record, signPk: o.otherPhone.record.signPk },
    "another owner": { ...record, owner: o.stranger.record.owner },
    "an officer": { ...record, ownerKind: 2 },
    "another office": { ...record, office: o.named("another office") },
    "a DH key of small order": { ...record, dhPk: o.ZEROS },
  };
  for (const [name, sender] of Object.entries(senders)) {
    topic.add(`status: read as from ${name}`, "open", { ...given, sender: deviceRecord.encode(sender) }, "refused");
  }
  const { prekey } = o.epoch;
  const prekeys: Record<string, Prekey> = {
    "another sequence": { ...prekey, sequence: 2 },
    "another creation": { ...prekey, created: prekey.created + 1 },
    "another sealing time": { ...prekey, sealUntil: prekey.sealUntil + 1 },
    "another deletion": { ...prekey, deleteAt: prekey.deleteAt + 1 },
    "another office": { ...prekey, office: o.named("another office") },
    "another KEM key": { ...prekey, kemPk: o.phonePrekey.prekey.kemPk },
  };
  for (const [name, changed] of Object.entries(prekeys)) {
    topic.add(`status: read as to ${name}`, "open", { ...given, prekey: prekeyRecord.encode(changed) }, "refused");
  }
  topic.add("status: another DH secret", "open", { ...given, dh_sk: o.named("x") }, "refused");
  topic.add("status: another KEM seed", "open", { ...given, kem_seed: o.named("x", 64) }, "refused");
  topic.add("status: no wrap for this prekey", "open", opening(envelope, o.phone.record, o.phonePrekey), "refused");
}

/** Envelopes that only a malicious sender makes. */
function forged(topic: Topic): void {
  const contentKey = o.named("forged content key");
  const content = contentRecord.encode({ body: innerRecord.encode(status.inner) });
  const bad = (
    name: string,
    fails: "malformed" | "refused" | null,
    { key = contentKey, padded = pad(content), bucket = 0, plaintext = contentKey }: Partial<Record<"key" | "padded" | "plaintext", Bytes>> & { bucket?: number },
  ) => {
    const header = headerOf(o.phone, commit(key), { bucket });
    const body = sealBody(contentKey, header, padded);
    const draw = o.drawing(name);
    const envelope = assemble({ header, body, sender: o.phone, wraps: [[o.epoch.prekey, plaintext]], draw });
    topic.add(`forged: ${name}`, "open", opening(envelope, o.phone.record, o.epoch), fails);
  };
  const part = ownPart.encode(own);
  const withOwn = (size: number, tail: Bytes) => concat(contentKey, uint(size, 2), tail, new Uint8Array(94 - tail.length));
  bad("nothing wrong", null, {});
  bad("commitment to another key", "refused", { key: o.named("another") });
  bad("another content key in the wrap", "refused", { plaintext: o.named("another") });
  bad("padding not zeros", "refused", { padded: flip(pad(content), -1) });
  bad("padding not zeros right after the content", "refused", { padded: flip(pad(content), content.length + 4) });
  bad("a bucket too large", "refused", { padded: pad(content, 1), bucket: 1 });
  bad("length beyond the body", "refused", { padded: patched(pad(content), 0, uint(509, 4)) });
  bad("length of four billion", "refused", { padded: patched(pad(content), 0, uint(0xffffffff, 4)) });
  bad("content cut", "malformed", { padded: pad(content.slice(0, -1)) });
  bad("content empty", "malformed", { padded: pad(new Uint8Array()) });
  bad("content with a byte more", "malformed", { padded: pad(concat(content, uint(0, 1))) });
  bad("own part", null, { plaintext: withOwn(part.length, part) });
  bad("own part: padding not zeros", "refused", { plaintext: flip(withOwn(part.length, part), -1) });
  bad("own part: longer than its room", "refused", { plaintext: withOwn(95, part) });
  bad("own part: cut", "malformed", { plaintext: withOwn(part.length - 1, part.slice(0, -1)) });
  bad("own part: empty", "malformed", { plaintext: withOwn(0, new Uint8Array()) });
}

function shapes(topic: Topic, one: Bytes, two: Bytes): void {
  const whole: Envelope = decodeEnvelope(two);
  topic.add("two wraps", "envelope", { bytes: two });
  topic.add("one wrap", "envelope", { bytes: one });
  const reversed = encodeEnvelope({ ...whole, wraps: [...whole.wraps].reverse() });
  topic.add("two wraps in the other order", "envelope", { bytes: reversed });
  for (const [name, pair] of Object.entries({ phone: o.phonePrekey, office: o.epoch })) {
    topic.add(`reply: opened by the ${name}`, "open", opening(two, o.coordinator.record, pair));
    topic.add(`reply: other order, opened by the ${name}`, "open", opening(reversed, o.coordinator.record, pair));
  }
  const served = encodeEnvelope({ ...whole, wraps: whole.wraps.slice(1) });
  topic.add("reply: served to the office alone", "open", opening(served, o.coordinator.record, o.epoch));
  topic.add("reply: served to the office, asked by the phone", "open", opening(served, o.coordinator.record, o.phonePrekey), "refused");
  const swapped = encodeEnvelope({ ...whole, body: flip(whole.body, 100) });
  topic.add("reply: another body", "open", opening(swapped, o.coordinator.record, o.phonePrekey), "refused");
}

export function envelopes(): Topic {
  const topic = new Topic("envelopes");
  sealing(topic, "status", status);
  sealing(topic, "reply", reply);
  sealing(topic, "notice", notice);
  const [one, two] = [sealed(status, "status"), sealed(reply, "reply")];
  topic.add("status: opened", "open", opening(one, o.phone.record, o.epoch));
  topic.add("notice: opened with own part", "open", opening(sealed(notice, "notice"), o.coordinator.record, o.phonePrekey));
  for (const length of [8191, 1]) {
    const sample = { ...status, inner: o.inner(o.phone, o.office, text(length)) };
    const name = `text of ${length * 2} bytes`;
    topic.add(`${name}: opened`, "open", opening(sealed(sample, name), o.phone.record, o.epoch));
  }
  shapes(topic, one, two);
  touched(topic, one);
  misread(topic, one);
  forged(topic);
  return topic;
}

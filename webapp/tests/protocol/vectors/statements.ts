import { ArmourKind, dress, signedAcknowledge, signedFetch, signedUpload } from "../../../src/protocol/armour.ts";
import { Child, signedAssent } from "../../../src/protocol/assent.ts";
import { type Bytes, compare, concat, uint } from "../../../src/protocol/bytes.ts";
import { Kind } from "../../../src/protocol/content.ts";
import { type DeviceRecord, deviceRecord } from "../../../src/protocol/device.ts";
import { digest, fromBase64Url, toBase64Url } from "../../../src/protocol/encoding.ts";
import { rec } from "../../../src/protocol/record.ts";
import { signTarget } from "../../../src/protocol/request.ts";
import { seal } from "../../../src/protocol/sealing.ts";
import { Reply, signedAnswer, signedConsent, signedWipe } from "../../../src/protocol/statement.ts";
import * as o from "../office.ts";
import { type Bad, Topic, edited, flip } from "./topic.ts";

const { record, signSeed } = o.phone;
const by = { office: o.office, contact: record.owner, device: record.device, at: o.NOW };
const consent = { ...by, purpose: "messages", recipient: o.office, fields: "all", textVersion: 1, language: "fa-AF", given: true, counter: 1 };
const assent = { ...by, member: 4, given: true, assent: Child.agrees, textVersion: 1, language: "en", counter: 3 };
const answer = { ...by, ...o.noticeAbout, offer: o.named("offer", 16), answer: Reply.accept, party: 4, counter: 2 };

function stated(topic: Topic): void {
  const wires = {
    consent: signedConsent.sign(consent, signSeed),
    assent: signedAssent.sign(assent, signSeed),
    answer: signedAnswer.sign(answer, signSeed),
    wipe: signedWipe.sign(by, signSeed),
  };
  const device = (changes: Partial<DeviceRecord>) => ({ device: deviceRecord.encode({ ...record, ...changes }) });
  for (const [type, wire] of Object.entries(wires)) {
    const others = Object.entries(wires).filter(([other]) => other !== type);
    const bad: Bad[] = [
      ["signature flipped", "refused", { wire: flip(wire, -1) }],
      ["cut", "malformed", { wire: wire.slice(0, -1) }],
      ["a byte more", "malformed", { wire: concat(wire, uint(0, 1)) }],
      ["another device", "refused", device(o.otherPhone.record)],
      ["another office", "refused", device({ office: o.named("x") })],
      ["another contact", "refused", device({ owner: o.named("x", 16) })],
      ["another device id", "refused", device({ device: o.named("x", 16) })],
      ["an officer's device", "refused", device({ ownerKind: 2 })],
      ["signed body changed", "refused", { wire: edited(wire, [0, 2], o.named("x", 16)) }],
      ...others.map(([other, value]): Bad => [`a ${other} instead`, "malformed", { wire: value }]),
    ];
    topic.family(type, "statement", { type, wire, ...device({}) }, bad);
  }
  const bad = (type: "consent" | "assent" | "answer", name: string, at: number, value: Bytes) => {
    topic.add(`${type}: ${name}`, "parse", { type, bytes: edited(wires[type], [0, at], value) }, "malformed");
  };
  const ascii = (text: string) => new Uint8Array(Buffer.from(text));
  for (const purpose of ["", "Messages", "messages ", "a".repeat(33), "messages\n", "پیام"]) {
    bad("consent", `purpose ${JSON.stringify(purpose)}`, 3, ascii(purpose));
  }
  bad("consent", "messages to another office", 4, o.named("x"));
  bad("consent", "messages of some fields", 5, ascii("family"));
  bad("consent", "given 2", 8, uint(2, 1));
  bad("consent", "counter above 2^53 - 1", 9, Uint8Array.of(0, 32, 0, 0, 0, 0, 0, 0));
  bad("assent", "assent 0", 5, uint(0, 1));
  bad("assent", "assent 4", 5, uint(4, 1));
  bad("assent", "given 2", 4, uint(2, 1));
  bad("assent", "member of no byte", 3, new Uint8Array());
  for (const changes of [{ given: false }, { assent: Child.declines }, { assent: Child.tooSmall }]) {
    const wire = signedAssent.sign({ ...assent, ...changes }, signSeed);
    topic.add(`assent: ${JSON.stringify(changes)}`, "statement", { type: "assent", wire, ...device({}) });
  }
  bad("answer", "answer 0", 7, uint(0, 1));
  bad("answer", "answer 4", 7, uint(4, 1));
  bad("answer", "party of two bytes", 8, uint(4, 2));
  const withdrawn = signedConsent.sign({ ...consent, given: false, counter: 2 }, signSeed);
  const shared = signedConsent.sign({ ...consent, purpose: "sharing", recipient: o.named("x"), fields: "family" }, signSeed);
  topic.add("consent: sharing", "statement", { type: "consent", wire: shared, ...device({}) });
  for (const [name, at, value] of [
    ["of all", 5, ascii("all")],
    ["of a field", 5, ascii("family-members")],
    ["with one's own office", 4, o.office],
  ] as const) {
    const bytes = edited(shared, [0, at], value);
    topic.add(`consent: sharing ${name}`, "parse", { type: "consent", bytes }, "malformed");
  }
  topic.add("consent: withdrawn", "statement", { type: "consent", wire: withdrawn, ...device({}) });
}

function armour(topic: Topic): void {
  const envelope = seal({
    inner: o.inner(o.phone, o.office, { kind: Kind.text, text: "by hand" }),
    sender: o.phone,
    recipients: [{ prekey: o.epoch.prekey }, { prekey: o.colleaguePrekey.prekey }],
    now: o.NOW,
    expires: o.NOW + o.DAY,
    draw: o.drawing("armour"),
  });
  const own = { device: record.device, at: o.NOW };
  const upload = signedUpload.sign({ ...own, envelope }, signSeed);
  const fetch = signedFetch.sign({ ...own, nonce: o.named("nonce", 16) }, signSeed);
  const text = dress(ArmourKind.envelope, envelope);
  if (text.length > 4096) throw new Error("an envelope with two bare wraps does not fit a message");
  topic.add("armour: an envelope of two wraps", "undress", { text });
  topic.add("armour: an upload", "undress", { text: dress(ArmourKind.upload, upload) });
  const fetched = dress(ArmourKind.fetch, fetch);
  topic.add("armour: a fetch", "undress", { text: fetched });
  const kept = [o.named("kept 1", 16), o.named("kept 2", 16)].sort(compare);
  const acknowledge = signedAcknowledge.sign({ ...own, nonce: o.named("nonce", 16), kept }, signSeed);
  topic.add("armour: an acknowledgement", "undress", { text: dress(ArmourKind.acknowledge, acknowledge) });
  topic.add("armour: broken into lines", "undress", { text: ` ${fetched.replace(/(.{20})/g, "$1\r\n\t")}\v\f` });
  const spelt = (type: number, payload: Bytes) => {
    const typed = concat(uint(type, 1), payload);
    return `qasid1.${toBase64Url(concat(typed, digest("armour", typed).slice(0, 4)))}`;
  };
  const bytes = fromBase64Url(fetched.slice(7));
  const bad: Record<string, string> = {
    nothing: "",
    "the prefix alone": "qasid1.",
    "the prefix in capitals": fetched.replace("qasid1", "QASID1"),
    "no prefix": fetched.slice(7),
    "a check flipped": `qasid1.${toBase64Url(flip(bytes, -1))}`,
    "a byte flipped": `qasid1.${toBase64Url(flip(bytes, 9))}`,
    "a character lost": fetched.slice(0, -1),
    padded: `${fetched}==`,
    "a no-break space within": `${fetched.slice(0, 30)}\u00a0${fetched.slice(30)}`,
    "a zero-width space within": `${fetched.slice(0, 30)}\u200b${fetched.slice(30)}`,
    "type 0": spelt(0, fetch),
    "type 5": spelt(5, fetch),
    "a fetch as an acknowledgement": spelt(ArmourKind.acknowledge, fetch),
    "an acknowledgement as a fetch": spelt(ArmourKind.fetch, acknowledge),
    "an acknowledgement of nothing": spelt(ArmourKind.acknowledge, edited(acknowledge, [0, 3], new Uint8Array())),
    "an acknowledgement out of order": spelt(ArmourKind.acknowledge, edited(acknowledge, [0, 3], rec(...[...kept].reverse()))),
    "a fetch as an upload": spelt(ArmourKind.upload, fetch),
    "a fetch as an envelope": spelt(ArmourKind.envelope, fetch),
    "an envelope cut": spelt(ArmourKind.envelope, envelope.slice(0, -1)),
    "an envelope and a byte": spelt(ArmourKind.envelope, concat(envelope, uint(0, 1))),
    "an upload of another device": spelt(ArmourKind.upload, edited(upload, [0, 0], o.otherPhone.record.device)),
    "an upload of no envelope": spelt(ArmourKind.upload, edited(upload, [0, 2], new Uint8Array())),
    "no type": "qasid1.AAAAAA",
  };
  for (const [name, value] of Object.entries(bad)) topic.add(`armour: ${name}`, "undress", { text: value }, "malformed");
}

function requests(topic: Topic): void {
  const body = new Uint8Array(Buffer.from('{"a":1}'));
  const target = { method: "POST", authority: "relay.example:8443", path: "/v1/mail", query: "after=3&limit=20", body };
  const terms = { created: o.NOW, expires: o.NOW + 300, nonce: o.named("nonce", 16) };
  const signer = { device: record.device, signSeed };
  const headersOf = (at = target, when: Partial<typeof terms> = {}) =>
    Object.entries(signTarget(signer, at, { ...terms, ...when }));
  const signing = { seed: signSeed, device: record.device, ...target, ...terms };
  topic.add("request: signed", "sign request", signing);
  topic.add("request: signed without query or body", "sign request", { ...signing, query: "", body: new Uint8Array() });
  const headers = headersOf();
  const given = { headers, public: record.signPk, ...target, now: o.NOW };
  const rewritten = (name: string, from: string | RegExp, to: string) => ({
    headers: headers.map(([known, value]) => [known, known === name ? value.replace(from, to) : value]),
  });
  const input = "Signature-Input";
  topic.family("request", "request", given, [
    ["another method", "refused", { method: "PUT" }],
    ["another authority", "refused", { authority: "relay.example" }],
    ["another path", "refused", { path: "/v1/mail/ack" }],
    ["another query", "refused", { query: "after=4&limit=20" }],
    ["no query", "refused", { query: "" }],
    ["another body", "refused", { body: new Uint8Array(Buffer.from('{"a":2}')) }],
    ["no body", "refused", { body: new Uint8Array() }],
    ["another key", "refused", { public: o.otherPhone.record.signPk }],
    ["expired", "refused", { now: o.NOW + 300 }],
    ["61 seconds ahead", "refused", { now: o.NOW - 61 }],
    ["301 seconds of life", "refused", { headers: headersOf(target, { expires: o.NOW + 301 }) }],
    ["expiring before it was made", "refused", { headers: headersOf(target, { created: o.NOW + 10, expires: o.NOW + 5 }) }],
    ["another nonce", "refused", rewritten(input, /nonce="./, 'nonce="_')],
    ["another device named", "refused", rewritten(input, /keyid="./, 'keyid="_')],
    ["expiry put off", "refused", rewritten(input, `expires=${o.NOW + 300}`, `expires=${o.NOW + 299}`)],
    ["another algorithm", "malformed", rewritten(input, "ed25519", "hmac-sha256")],
    ["another tag", "malformed", rewritten(input, "qasid-1", "qasid-2")],
    ["a component left out", "malformed", rewritten(input, ' "@query"', "")],
    ["components exchanged", "malformed", rewritten(input, '"@method" "@authority"', '"@authority" "@method"')],
    ["a parameter left out", "malformed", rewritten(input, ';alg="ed25519"', "")],
    ["a parameter added", "malformed", rewritten(input, /$/, ";x=1")],
    ["a second signature", "malformed", rewritten(input, /$/, ", other=()")],
    ["created with a leading zero", "malformed", rewritten(input, "created=", "created=0")],
    ["created negative", "malformed", rewritten(input, "created=", "created=-")],
    ["a nonce with stray bits", "malformed", rewritten(input, /(nonce=".{21})./, "$1_")],
    ["a short nonce", "malformed", rewritten(input, /nonce="./, 'nonce="')],
    ["another digest algorithm", "malformed", rewritten("Content-Digest", "sha-256", "sha-512")],
    ["a short digest", "malformed", rewritten("Content-Digest", /:..../, ":")],
    ["the body's digest exchanged", "refused", rewritten("Content-Digest", /:./, ":B")],
    ["a signature under another label", "malformed", rewritten("Signature", "qasid", "sig1")],
    ["a short signature", "malformed", rewritten("Signature", /:..../, ":")],
    ["a signature flipped", "refused", { headers: flippedSignature(headers) }],
    ["no signature", "malformed", { headers: headers.slice(0, 2) }],
    ["a header twice", "malformed", { headers: [...headers, ...headers.slice(2)] }],
  ]);
  topic.add("request: header names in small letters", "request", {
    ...given,
    headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
  });
  topic.add("request: 60 seconds ahead", "request", { ...given, now: o.NOW - 60 });
  topic.add("request: at its last second", "request", { ...given, now: o.NOW + 299 });
}

function flippedSignature(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return headers.map(([name, value]) => {
    if (name !== "Signature") return [name, value];
    const at = 20;
    return [name, value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1)];
  });
}

export function statements(): Topic {
  const topic = new Topic("statements");
  stated(topic);
  armour(topic);
  requests(topic);
  return topic;
}

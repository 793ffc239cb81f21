import { Media } from "../../../src/protocol/attachment.ts";
import { type Bytes, concat, uint, utf8 } from "../../../src/protocol/bytes.ts";
import {
  type Content,
  type Inner,
  Kind,
  type Payload,
  Status,
  contentRecord,
  innerRecord,
  prove,
} from "../../../src/protocol/content.ts";
import { signedCancel, signedGo } from "../../../src/protocol/decision.ts";
import { deviceRecord } from "../../../src/protocol/device.ts";
import { type Header, encodeHeader } from "../../../src/protocol/envelope.ts";
import { rec } from "../../../src/protocol/record.ts";
import { type Pin, type Roster, rosterRecord } from "../../../src/protocol/roster.ts";
import { Reply, signedAnswer } from "../../../src/protocol/statement.ts";
import { headerOf } from "../forge.ts";
import * as o from "../office.ts";
import { described } from "./attachments.ts";
import { type Bad, type Raw, Topic, edited, flip } from "./topic.ts";

const approvals = o.inDeviceOrder([o.approval(o.coordinator), o.approval(o.colleague)]);
const by = { device: o.coordinator.record.device, issued: o.NOW };
const goWire = signedGo.sign(
  { ...o.noticeAbout, ...by, placeKey: o.placeKey, validUntil: o.NOW + o.DAY },
  o.coordinator.signSeed,
);
const cancelWire = signedCancel.sign({ ...o.noticeAbout, ...by, reason: 2 }, o.coordinator.signSeed);
const answerWire = signedAnswer.sign(
  {
    ...o.noticeAbout,
    contact: o.phone.record.owner,
    device: o.phone.record.device,
    offer: o.named("offer", 16),
    answer: Reply.accept,
    party: 4,
    counter: 1,
    at: o.NOW,
  },
  o.phone.signSeed,
);
const granted = { prekey: o.epoch.prekey, dhSk: o.epoch.dhSk, kemSeed: o.epoch.kemSeed };

/** One payload of each kind, and to whom it goes. */
const samples: Readonly<Record<string, readonly [Payload, Bytes]>> = {
  text: [{ kind: Kind.text, text: "سلام، خوب هستیم\ufeff" }, o.office],
  "text to a contact": [{ kind: Kind.text, text: "" }, o.phone.record.owner],
  status: [{ kind: Kind.status, status: Status.cannot, text: "no road" }, o.office],
  opened: [{ kind: Kind.opened, envelope: o.named("e", 16), contentHash: o.named("h") }, o.office],
  notice: [{ kind: Kind.notice, notice: o.notice, approvals }, o.notice.audience],
  go: [{ kind: Kind.go, go: signedGo.decode(goWire) }, o.notice.audience],
  cancel: [{ kind: Kind.cancel, cancel: signedCancel.decode(cancelWire) }, o.notice.audience],
  answer: [{ kind: Kind.answer, answer: signedAnswer.decode(answerWire) }, o.office],
  grant: [{ kind: Kind.grant, epochs: [granted] }, o.office],
  draft: [{ kind: Kind.draft, notice: o.notice, placeKey: o.placeKey, place: "شمال" }, o.office],
  "case file": [
    { kind: Kind.caseFile, form: 1, fields: [{ code: "family-members", text: "" }, { code: "needs-health", text: "دارو" }] },
    o.office,
  ],
  ask: [
    { kind: Kind.ask, recipient: o.named("other"), name: "Embassy", fields: ["family", "identity"], textVersion: 1 },
    o.phone.record.owner,
  ],
  "voice note": [{ kind: Kind.attachment, ...described(30_000) }, o.office],
  photograph: [{ kind: Kind.attachment, ...described(200_000, Media.webp, { caption: "نامه" }) }, o.phone.record.owner],
};

const encoded = (inner: Inner) => contentRecord.encode({ body: innerRecord.encode(inner) });

function forms(topic: Topic): void {
  const contents = Object.entries(samples).map(([name, [payload, recipient]]) => {
    const bytes = encoded(o.inner(o.phone, recipient, payload));
    topic.add(`content: ${name}`, "parse", { type: "content", bytes });
    return [name, bytes] as const;
  });
  const of = (name: string) => contents.find(([known]) => known === name)?.[1] ?? new Uint8Array();
  const bad = (name: string, path: readonly number[], value: Bytes, kind = "text") => {
    const bytes = edited(of(kind), path, value);
    topic.add(`content: ${name}`, "parse", { type: "content", bytes }, "malformed");
  };
  const sample = of("text");
  for (const [name, bytes] of Object.entries({
    nothing: new Uint8Array(),
    "cut short": sample.slice(0, -1),
    "a byte more": concat(sample, uint(0, 1)),
    "a field more": concat(sample, uint(0, 4)),
    "a first length beyond the end": flip(sample, 0),
  })) {
    topic.add(`content: ${name}`, "parse", { type: "content", bytes }, "malformed");
  }
  bad("a proof of 63 bytes", [1], new Uint8Array(63));
  bad("kind 0", [0, 1], uint(0, 1));
  bad("kind 12", [0, 1], uint(12, 1));
  bad("kind of two bytes", [0, 1], uint(1, 2));
  bad("a recipient of 15 bytes", [0, 3], new Uint8Array(15));
  bad("a recipient of 31 bytes", [0, 3], new Uint8Array(31));
  bad("no recipient", [0, 3], new Uint8Array());
  bad("counter 0", [0, 5], uint(0, 8));
  bad("counter 2 without one before", [0, 5], uint(2, 8));
  bad("counter 1 with one before", [0, 6], o.named("x"));
  bad("sent after the year 9999", [0, 7], uint(253_402_300_800, 8));
  bad("text not UTF-8", [0, 10], Uint8Array.of(0xff));
  bad("a surrogate in the text", [0, 10], Uint8Array.of(0xed, 0xa0, 0x80));
  bad("an overlong character", [0, 10], Uint8Array.of(0xc0, 0x80));
  bad("text of 16,385 bytes", [0, 10], utf8("x".repeat(16_385)));
  topic.add("content: text of 16,384 bytes", "parse", {
    type: "content",
    bytes: edited(sample, [0, 10], utf8("x".repeat(16_384))),
  });
  for (const kind of ["status", "notice", "go", "cancel", "answer", "grant", "draft", "case file"]) {
    bad(`${kind} to a contact id`, [0, 3], o.phone.record.owner, kind);
    bad(`${kind} with an empty payload`, [0, 10], new Uint8Array(), kind === "grant" ? "status" : kind);
  }
  bad("status 0", [0, 10, 0], uint(0, 1), "status");
  bad("status 6", [0, 10, 0], uint(6, 1), "status");
  bad("status text of 4,097 bytes", [0, 10, 1], utf8("x".repeat(4097)), "status");
  bad("opened with a short hash", [0, 10, 1], new Uint8Array(31), "opened");
  bad("a notice to another audience", [0, 3], o.named("x"), "notice");
  bad("approvals out of order", [0, 10, 1], rec(...wires().reverse()), "notice");
  bad("an approval twice", [0, 10, 1], rec(...wires().slice(0, 1), ...wires()), "notice");
  bad("a go with a short signature", [0, 10, 1], new Uint8Array(63), "go");
  bad("a granted device prekey", [0, 10, 0, 0, 1], uint(1, 1), "grant");
  bad("a granted KEM seed of 63 bytes", [0, 10, 0, 2], new Uint8Array(63), "grant");
  bad("a draft's place of 253 bytes", [0, 10, 2], utf8("x".repeat(253)), "draft");
  bad("a field without a group", [0, 10, 1, 0, 0], utf8("family"), "case file");
  bad("fields out of order", [0, 10, 1, 0, 0], utf8("other-members"), "case file");
  bad("a field of 2,001 bytes", [0, 10, 1, 0, 1], utf8("x".repeat(2001)), "case file");
  bad("33 fields", [0, 10, 1], rec(...Array.from({ length: 33 }, (_, n) => rec(utf8(`a-${"b".repeat(n % 16 + 1)}`), utf8("")))), "case file");
  bad("an ask for nothing", [0, 10, 2], new Uint8Array(), "ask");
  bad("an ask for all", [0, 10, 2], rec(utf8("all")), "ask");
  bad("an ask out of order", [0, 10, 2], rec(utf8("identity"), utf8("family")), "ask");
  attached(bad);
  bad("an ask with a name of 97 bytes", [0, 10, 1], utf8("x".repeat(97)), "ask");
}

function attached(bad: (name: string, path: readonly number[], value: Bytes, kind: string) => void): void {
  bad("an attachment of no bytes", [0, 10, 3], uint(0, 4), "voice note");
  bad("an attachment of 262,145 bytes", [0, 10, 3], uint(262_145, 4), "photograph");
  bad("an attachment with chunks to spare", [0, 10, 4], uint(3, 1), "voice note");
  bad("an attachment without a key", [0, 10, 1], new Uint8Array(), "voice note");
  bad("an attachment of an unknown medium", [0, 10, 2], uint(5, 1), "photograph");
  bad("a voice note that has a width", [0, 10, 7], uint(1, 4), "voice note");
  bad("a voice note without its seconds", [0, 10, 6], uint(0, 4), "voice note");
  bad("a photograph without its height", [0, 10, 8], uint(0, 4), "photograph");
  bad("a photograph with seconds", [0, 10, 6], uint(1, 4), "photograph");
  bad("a photograph 16,385 high", [0, 10, 8], uint(16_385, 4), "photograph");
  bad("a caption of 1,025 bytes", [0, 10, 9], utf8("x".repeat(1_025)), "photograph");
}

function wires(): Bytes[] {
  return approvals.map((approval) => rec(approval.body, approval.signature));
}

const { pin } = o.followed;
const given = (known: Pin): Raw => ({ ...known, root: known.root ?? "" });
const roster: Roster = { ...o.roster, epochs: [] };

function fromOffice(topic: Topic): void {
  const header = headerOf(o.coordinator, o.named("commitment"));
  const base = o.inner(o.coordinator, o.phone.record.owner, { kind: Kind.text, text: "read this" });
  const content = (changes: Partial<Inner> = {}, under: Partial<Header> = {}, seed = o.coordinator.signSeed): Bytes => {
    const proved: Content = prove(o.office, o.content({ ...base, ...changes }), { ...header, ...under }, seed);
    return contentRecord.encode(proved);
  };
  const args = {
    content: content(),
    header: encodeHeader(header),
    roster: rosterRecord.encode(roster),
    pin: given(pin),
    me: deviceRecord.encode(o.phone.record),
  };
  const headed = (changes: Partial<Header>) => ({ header: encodeHeader({ ...header, ...changes }) });
  const said = (changes: Partial<Inner>) => ({ content: content(changes) });
  const times = o.NOW + 20 * o.DAY + o.HOUR;
  const status: Payload = { kind: Kind.status, status: Status.safe, text: "" };
  const answer: Payload = { kind: Kind.answer, answer: signedAnswer.decode(answerWire) };
  const ask = { kind: Kind.ask, recipient: o.named("other"), name: "Embassy", fields: ["family"], textVersion: 1 } as const;
  const { device } = o.pocket.record;
  const pocket = {
    ...headed({ sender: device }),
    content: content({ sender: device }, { sender: device }, o.pocket.signSeed),
    roster: rosterRecord.encode(o.withPocket),
  };
  const bad: Bad[] = [
    ["no proof", "refused", { content: encoded(base) }],
    ["the proof of another device", "refused", { content: content({}, {}, o.colleague.signSeed) }],
    ["the proof flipped", "refused", { content: flip(args.content, -1) }],
    ["the proof for another envelope id", "refused", { content: content({}, { envelope: o.named("x", 16) }) }],
    ["the proof for another commitment", "refused", { content: content({}, { commitment: o.named("x") }) }],
    ["in another envelope", "refused", headed({ envelope: o.named("x", 16) })],
    ["under another commitment", "refused", headed({ commitment: o.named("x") })],
    ["in another device's envelope", "refused", headed({ sender: o.colleague.record.device })],
    ["text exchanged under the proof", "refused", { content: edited(args.content, [0, 10], utf8("burn this")) }],
    ["thread exchanged under the proof", "refused", { content: edited(args.content, [0, 4], o.named("x", 16)) }],
    ["to another contact", "refused", said({ recipient: o.stranger.record.owner })],
    ["to the office", "refused", said({ recipient: o.office })],
    ["by a device that stands nowhere", "refused", { ...said({ sender: o.stranger.record.device }), ...headed({ sender: o.stranger.record.device }) }],
    ["by a phone that only confirms", "refused", pocket],
    ["sent an hour after its time", "refused", said({ sentAt: times })],
    ["sent more than an hour before its time", "refused", said({ sentAt: o.NOW - 10 * o.DAY - o.HOUR - 1 })],
    ["under a newer roster", "refused", said({ rosterVersion: 2, rosterHash: o.named("x") })],
    ["under another roster of this version", "refused", said({ rosterHash: o.named("x") })],
    ["a status", "refused", said({ recipient: o.office, payload: status })],
    ["an answer", "refused", said({ recipient: o.office, payload: answer })],
    ["a case file", "refused", said({ recipient: o.office, payload: { kind: Kind.caseFile, form: 1, fields: [] } })],
    ["an ask to pass on to itself", "refused", said({ payload: { ...ask, recipient: o.office } })],
    ["a grant to a phone", "refused", said({ recipient: o.office, payload: { kind: Kind.grant, epochs: [] } })],
    ["read by a phone of another office", "refused", { me: edited(args.me, [0], o.named("x")) }],
    ["read by another contact's phone", "refused", { me: deviceRecord.encode(o.stranger.record) }],
    ["content cut", "malformed", { content: args.content.slice(0, -1) }],
    ["header cut", "malformed", { header: args.header.slice(0, -1) }],
  ];
  topic.family("from office", "from office", args, bad);
  const photograph = { kind: Kind.attachment, ...described(9, Media.jpeg) } as const;
  topic.add("from office: a photograph", "from office", { ...args, ...said({ payload: photograph }) });
  const astray = said({ payload: photograph, recipient: o.stranger.record.owner });
  topic.add("from office: a photograph for somebody else", "from office", { ...args, ...astray }, "refused");
  topic.add("from office: an ask", "from office", { ...args, ...said({ payload: ask }) });
  topic.add("from office: at the last second", "from office", { ...args, ...said({ sentAt: times - 1 }) });
  topic.add("from office: read along by a colleague", "from office", { ...args, me: deviceRecord.encode(o.colleague.record) });
  const grant = said({ recipient: o.office, payload: { kind: Kind.grant, epochs: [] } });
  topic.add("from office: a grant to an officer", "from office", { ...args, ...grant, me: deviceRecord.encode(o.colleague.record) });
}

function fromContact(topic: Topic): void {
  const header = headerOf(o.phone, o.named("commitment"));
  const base = o.inner(o.phone, o.office, { kind: Kind.text, text: "here" });
  const args = {
    content: encoded(base),
    header: encodeHeader(header),
    sender: deviceRecord.encode(o.phone.record),
    pin: given(pin),
  };
  const said = (changes: Partial<Inner>) => ({ content: encoded({ ...base, ...changes }) });
  const proved = prove(o.office, o.content(base), header, o.phone.signSeed);
  topic.add("from contact: a case file", "from contact", {
    ...args,
    ...said({ payload: { kind: Kind.caseFile, form: 1, fields: [{ code: "identity-name", text: "x" }] } }),
  });
  topic.add("from contact: a voice note", "from contact", {
    ...args,
    ...said({ payload: { kind: Kind.attachment, ...described(9) } }),
  });
  topic.family("from contact", "from contact", args, [
    ["with a proof", "refused", { content: contentRecord.encode(proved) }],
    ["by another device inside", "refused", said({ sender: o.otherPhone.record.device })],
    ["in another device's envelope", "refused", { header: encodeHeader({ ...header, sender: o.otherPhone.record.device }) }],
    ["read as another device's", "refused", { sender: deviceRecord.encode(o.otherPhone.record) }],
    ["read as an officer's", "refused", { sender: edited(args.sender, [1], uint(2, 1)) }],
    ["to another office", "refused", said({ recipient: o.named("x") })],
    ["to a contact", "refused", said({ recipient: o.stranger.record.owner })],
    ["a grant", "refused", said({ payload: { kind: Kind.grant, epochs: [] } })],
    ["a go", "refused", said({ recipient: o.notice.audience, payload: { kind: Kind.go, go: signedGo.decode(goWire) } })],
    ["under a newer roster", "refused", said({ rosterVersion: 2 })],
  ]);
}

function chains(topic: Topic): void {
  const first = o.inner(o.phone, o.office, { kind: Kind.text, text: "one" });
  const next = (counter: number, prev = o.hashOf(first)) =>
    innerRecord.encode(o.inner(o.phone, o.office, { kind: Kind.text, text: "two" }, { counter, prev }));
  const last = innerRecord.encode(first);
  topic.add("chain: the first", "chain", { inner: last, last: "" });
  topic.add("chain: the second", "chain", { inner: next(2), last });
  topic.add("chain: the third, the second missing", "chain", { inner: next(3), last });
  topic.add("chain: the second, the first missing", "chain", { inner: next(2), last: "" });
  topic.add("chain: the same again", "chain", { inner: last, last }, "refused");
  topic.add("chain: an older one", "chain", { inner: last, last: next(2) }, "refused");
  topic.add("chain: another first", "chain", { inner: next(2, o.named("x")), last }, "refused");
  const elsewhere = innerRecord.encode({ ...first, thread: o.named("x", 16), counter: 2, prev: o.hashOf(first) });
  topic.add("chain: of another thread", "chain", { inner: elsewhere, last }, "refused");
}

export function messages(): Topic {
  const topic = new Topic("messages");
  forms(topic);
  fromOffice(topic);
  fromContact(topic);
  chains(topic);
  return topic;
}

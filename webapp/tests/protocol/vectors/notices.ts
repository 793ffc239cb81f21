import { type Bytes, uint, utf8 } from "../../../src/protocol/bytes.ts";
import { type CardBody, Evidence, cardHash, contactCard, cosignCard, issueCard } from "../../../src/protocol/card.ts";
import { type Cancel, type Go, signedApproval, signedCancel, signedGo } from "../../../src/protocol/decision.ts";
import { deviceRecord } from "../../../src/protocol/device.ts";
import type { DeviceKeys } from "../../../src/protocol/keys.ts";
import { type Notice, NoticeKind, noticeHash, noticeRecord } from "../../../src/protocol/notice.ts";
import { rec } from "../../../src/protocol/record.ts";
import { type Roster, entryRecord, rosterRecord } from "../../../src/protocol/roster.ts";
import * as o from "../office.ts";
import { type Bad, type Raw, Topic, edited, flip } from "./topic.ts";

// Notices with what officers sign about them, and contact cards: everything that needs standing officers.

const roster: Roster = { ...o.roster, epochs: [] };
const rosterBytes = rosterRecord.encode(roster);
const withPocket = { roster: rosterRecord.encode(o.withPocket) };
const noticeBytes = noticeRecord.encode(o.notice);
const advisory: Notice = { ...o.notice, kind: NoticeKind.advisory, placeCommit: o.ZEROS, placeSealed: new Uint8Array(272) };

function forms(topic: Topic): void {
  topic.add("notice: come", "parse", { type: "notice", bytes: noticeBytes });
  topic.add("notice: advisory without a place", "parse", { type: "notice", bytes: noticeRecord.encode(advisory) });
  const bad = (name: string, path: readonly number[], value: Bytes) => {
    topic.add(`notice: ${name}`, "parse", { type: "notice", bytes: edited(noticeBytes, path, value) }, "malformed");
  };
  bad("version 0", [3], uint(0, 4));
  bad("version 2 replacing none", [3], uint(2, 4));
  bad("replacing itself", [4], uint(1, 4));
  bad("kind 0", [5], uint(0, 1));
  bad("kind 5", [5], uint(5, 1));
  bad("route 5", [7], uint(5, 1));
  bad("leaving before the report ends", [8], uint(o.notice.reportUntil - 1, 8));
  bad("a report that ends as it begins", [10], uint(o.notice.reportFrom, 8));
  bad("an answer after the report begins", [11], uint(o.notice.reportFrom + 1, 8));
  bad("living on after it has left", [12], uint(o.notice.departsAt + 1, 8));
  bad("a place without its key's commitment", [14], o.ZEROS);
  bad("a commitment without a place", [15], new Uint8Array(272));
  bad("no text", [16], new Uint8Array());
  bad("a language twice", [16, 1, 0], utf8("en"));
  bad("languages out of order", [16, 1, 0], utf8("de"));
  bad("a text not UTF-8", [16, 0, 5], Uint8Array.of(0x80));
  topic.add("code of a notice", "code", { notice: noticeRecord.encode(o.notice) });
  topic.add("code of half a notice", "code", { notice: noticeRecord.encode(o.notice).slice(9) }, "malformed");
  const contacts = [o.named("a", 16), o.named("b", 16), o.named("c", 16)];
  topic.add("audience of three", "audience", { salt: o.notice.salt, contacts });
  topic.add("audience of three, turned round", "audience", { salt: o.notice.salt, contacts: [...contacts].reverse() });
  topic.add("audience of nobody", "audience", { salt: o.notice.salt, contacts: [] });
}

function approvals(topic: Topic): void {
  const wire = (keys: DeviceKeys, changes: Parameters<typeof o.approval>[1] = {}) => {
    const { body, signature } = o.approval(keys, changes);
    return rec(body, signature);
  };
  const inOrder = (...all: Bytes[]) =>
    [...all].sort((a, b) => Buffer.compare(signedApproval.decode(a).value.device, signedApproval.decode(b).value.device));
  const good = inOrder(wire(o.coordinator), wire(o.colleague));
  const with_ = (name: string, ...all: Bytes[]): Bad => [name, "refused", { approvals: inOrder(...all) }];
  const beside = (name: string, changes: Parameters<typeof o.approval>[1], keys = o.colleague): Bad =>
    with_(name, wire(o.coordinator), wire(keys, changes));
  const given = { notice: noticeBytes, approvals: good, roster: rosterBytes };
  topic.family("approvals", "approvals", given, [
    with_("none"),
    with_("one officer", wire(o.coordinator)),
    with_("one officer with two devices", wire(o.coordinator), wire(o.secondDevice)),
    with_("a caseworker", wire(o.coordinator), wire(o.caseworker)),
    with_("a contact", wire(o.coordinator), wire(o.phone)),
    ["a phone that only confirms", "refused", { ...withPocket, approvals: inOrder(wire(o.coordinator), wire(o.pocket)) }],
    beside("about another notice", { notice: o.named("x", 16) }),
    beside("about another version", { version: 2 }),
    beside("about another content", { contentHash: o.named("x") }),
    beside("for another office", { office: o.named("x") }),
    beside("given when the officer did not stand", { approvedAt: o.NOW + 20 * o.DAY }),
    beside("signed by another", {}, { ...o.colleague, signSeed: o.coordinator.signSeed }),
    with_("two good ones and a bad one", ...good, wire(o.secondDevice, { version: 2 })),
    ["out of order", "malformed", { approvals: [...good].reverse() }],
    ["the same twice", "malformed", { approvals: [good[0] ?? noticeBytes, ...good] }],
    ["one cut", "malformed", { approvals: [(good[0] ?? noticeBytes).slice(0, -1)] }],
    ["of another office's notice", "refused", { notice: edited(noticeBytes, [1], o.named("x")) }],
    ["of a notice since changed", "refused", { notice: edited(noticeBytes, [6], utf8("EGRET")) }],
  ]);
  topic.add("approvals: three devices of two officers", "approvals", { ...given, approvals: inOrder(...good, wire(o.secondDevice)) });
  const about = { contentHash: noticeHash(advisory) };
  topic.add("approvals: one for an advisory", "approvals", {
    ...given,
    notice: noticeRecord.encode(advisory),
    approvals: [wire(o.coordinator, about)],
  });
  topic.add("approvals: none for an advisory", "approvals", { ...given, notice: noticeRecord.encode(advisory), approvals: [] }, "refused");
}

function gos(topic: Topic): void {
  const value: Go = {
    ...o.noticeAbout,
    placeKey: o.placeKey,
    validUntil: o.NOW + o.DAY,
    device: o.coordinator.record.device,
    issued: o.NOW,
  };
  const wire = (changes: Partial<Go> = {}, keys = o.coordinator) => ({
    go: signedGo.sign({ ...value, device: keys.record.device, ...changes }, keys.signSeed),
  });
  const given = { ...wire(), notice: noticeBytes, roster: rosterBytes, now: o.NOW };
  topic.family("go", "go", given, [
    ["lapsed", "refused", { now: o.NOW + o.DAY }],
    ["under an expired roster", "refused", { now: o.NOW + 20 * o.DAY, ...wire({ validUntil: o.NOW + 30 * o.DAY }) }],
    ["about another version", "refused", wire({ version: 2 })],
    ["about another content", "refused", wire({ contentHash: o.named("x") })],
    ["about another notice", "refused", wire({ notice: o.named("x", 16) })],
    ["for another office", "refused", wire({ office: o.named("x") })],
    ["another place key", "refused", wire({ placeKey: o.named("x") })],
    ["no place key", "refused", wire({ placeKey: o.ZEROS })],
    ["by a caseworker", "refused", wire({}, o.caseworker)],
    ["by a contact", "refused", wire({}, o.phone)],
    ["by a phone that only confirms", "refused", { ...withPocket, ...wire({}, o.pocket) }],
    ["before its officer stood", "refused", wire({ issued: o.NOW - 11 * o.DAY })],
    ["signed by another", "refused", wire({}, { ...o.coordinator, signSeed: o.colleague.signSeed })],
    ["flipped", "refused", { go: flip(given.go, -1) }],
    ["cut", "malformed", { go: given.go.slice(0, -1) }],
    ["for a notice since changed", "refused", { notice: edited(noticeBytes, [16, 0, 5], utf8("Run.")) }],
    ["for a place since exchanged", "refused", { notice: edited(noticeBytes, [15], flip(o.notice.placeSealed, 0)) }],
  ]);
  topic.add("go: at its last second", "go", { ...given, now: o.NOW + o.DAY - 1 });
  const plain = { notice: noticeRecord.encode(advisory) };
  const about = { contentHash: noticeHash(advisory) };
  topic.add("go: without a place", "go", { ...given, ...plain, ...wire({ ...about, placeKey: o.ZEROS }) });
  topic.add("go: a key without a place", "go", { ...given, ...plain, ...wire(about) }, "refused");
  const torn = { ...o.notice, placeSealed: flip(o.notice.placeSealed, 3) };
  const tornGo = wire({ contentHash: noticeHash(torn) });
  topic.add("go: a place that does not open", "go", { ...given, notice: noticeRecord.encode(torn), ...tornGo }, "refused");
}

function cancels(topic: Topic): void {
  const value: Cancel = { ...o.noticeAbout, reason: 3, device: o.colleague.record.device, issued: o.NOW };
  const wire = (changes: Partial<Cancel> = {}, keys = o.colleague) => ({
    cancel: signedCancel.sign({ ...value, device: keys.record.device, ...changes }, keys.signSeed),
  });
  const given = { ...wire(), notice: noticeBytes, roster: rosterBytes };
  const asGo = signedGo.sign(
    { ...o.noticeAbout, placeKey: o.placeKey, validUntil: o.NOW, device: o.colleague.record.device, issued: o.NOW },
    o.colleague.signSeed,
  );
  topic.family("cancel", "cancel", given, [
    ["about another version", "refused", wire({ version: 2 })],
    ["about another content", "refused", wire({ contentHash: o.named("x") })],
    ["by a caseworker", "refused", wire({}, o.caseworker)],
    ["by an auditor", "refused", wire({}, o.auditor)],
    ["by a phone that only confirms", "refused", { ...withPocket, ...wire({}, o.pocket) }],
    ["signed by another", "refused", wire({}, { ...o.colleague, signSeed: o.coordinator.signSeed })],
    ["flipped", "refused", { cancel: flip(given.cancel, -2) }],
    ["a go instead", "malformed", { cancel: asGo }],
  ]);
}

function alerts(topic: Topic): void {
  const warning: Notice = { ...advisory, kind: NoticeKind.threat, notice: o.named("alert", 16) };
  const approved = (about: Notice, keys: DeviceKeys, approvedAt: number): Bytes => {
    const { body, signature } = o.approval(keys, { notice: about.notice, contentHash: noticeHash(about), approvedAt });
    return rec(body, signature);
  };
  const judge = (name: string, at: number, alert: Notice = warning, notice: Notice = o.notice): void => {
    topic.add(`alert: ${name}`, "alert", {
      alert: noticeRecord.encode(alert),
      warnings: [approved(alert, o.colleague, at)],
      notice: noticeRecord.encode(notice),
      approvals: [approved(notice, o.coordinator, o.NOW), approved(notice, o.colleague, o.NOW + 60)],
    });
  };
  judge("before both approvals", o.NOW - 1);
  judge("in the second of the first approval", o.NOW);
  judge("after both approvals", o.NOW + 61);
  judge("of every route", o.NOW + 61, { ...warning, route: 0 });
  judge("of another route", o.NOW + 61, { ...warning, route: 4 });
  judge("of a notice that names no route", o.NOW + 61, warning, { ...o.notice, route: 0 });
  judge("of another office", o.NOW + 61, { ...warning, office: o.named("x") });
  judge("an advisory instead", o.NOW + 61, advisory);
}

const removed: Roster = {
  ...roster,
  version: 2,
  prev: o.followed.pin.hash,
  entries: roster.entries.filter(({ device }) => device !== o.caseworker.record),
};

function cards(topic: Topic): void {
  const first = o.card;
  const body = (changes: Partial<CardBody> = {}): CardBody => ({ ...first.value, ...changes });
  const next = body({ serial: 2, prev: cardHash(first), counter: 2, evidence: Evidence.twoOfficers });
  const issued = (changes: Partial<CardBody>, keys = o.caseworker) => ({
    card: contactCard.encode(issueCard(body({ certifier: keys.record.device, ...changes }), keys.signSeed)),
  });
  const cosigned = (value: CardBody, keys: DeviceKeys, seed = keys.signSeed) => ({
    card: contactCard.encode(cosignCard(issueCard(value, o.caseworker.signSeed), keys.record.device, seed)),
  });
  const held = contactCard.encode(first);
  const given = { card: held, roster: rosterBytes, own: deviceRecord.encode(o.phone.record), held: "", former: [] };
  topic.family("card", "card", given, [
    ["flipped", "refused", { card: flip(held, held.length - 9) }],
    ["cut", "malformed", { card: held.slice(0, -1) }],
    ["by an auditor", "refused", issued({}, o.auditor)],
    ["by a phone that only confirms", "refused", { ...withPocket, ...issued({}, o.pocket) }],
    ["by a contact", "refused", issued({}, o.phone)],
    ["when its officer did not stand", "refused", issued({ issued: o.NOW + 20 * o.DAY })],
    ["signed by another", "refused", issued({}, { ...o.caseworker, signSeed: o.colleague.signSeed })],
    ["for another phone", "refused", { own: deviceRecord.encode(o.otherPhone.record) }],
    ["for another person's phone", "refused", { own: deviceRecord.encode(o.stranger.record) }],
    ["with another key of this phone", "refused", { own: edited(given.own, [5], o.named("x")) }],
    ["under another office's roster", "refused", { roster: rosterRecord.encode({ ...roster, office: o.named("x"), entries: [] }) }],
    ["the first, cosigned falsely", "refused", cosigned(first.value, o.coordinator, o.named("x"))],
    ["the first, cosigned by its own officer", "refused", cosigned(first.value, o.caseworker)],
    ["the second, alone", "refused", { ...issued(next), held }],
    ["the second, cosigned by a phone that only confirms", "refused", { ...withPocket, ...cosigned(next, o.pocket), held }],
    ["the second, cosigned by an auditor", "refused", { ...cosigned(next, o.auditor), held }],
    ["the second, cosigned by its own officer", "refused", { ...cosigned(next, o.caseworker), held }],
    ["the second, cosigned falsely", "refused", { ...cosigned(next, o.coordinator, o.named("x")), held }],
    ["the second, after another first", "refused", { ...cosigned({ ...next, prev: o.named("x") }, o.coordinator), held }],
    ["another first", "refused", { ...issued({ issued: o.NOW }), held }],
    ["an older one", "refused", { held: cosigned(next, o.coordinator).card }],
  ]);
  topic.add("card: the first, cosigned", "card", { ...given, ...cosigned(first.value, o.coordinator) });
  topic.add("card: the second", "card", { ...given, ...cosigned(next, o.coordinator), held });
  topic.add("card: the fourth, two not seen", "card", { ...given, ...cosigned({ ...next, serial: 4, prev: o.named("x") }, o.coordinator), held });
  const bad = (name: string, path: readonly number[], value: Bytes) => {
    topic.add(`card: ${name}`, "card", { ...given, card: edited(held, path, value) }, "malformed");
  };
  bad("serial 0", [0, 2], uint(0, 8));
  bad("serial 2 without one before", [0, 2], uint(2, 8));
  bad("counter 0", [0, 5], uint(0, 8));
  bad("no device", [0, 6], new Uint8Array());
  bad("evidence 5", [0, 7], uint(5, 1));
  bad("an officer's device", [0, 6, 0, 1], uint(2, 1));
  bad("a device of another person", [0, 6, 0, 2], o.named("x", 16));
  bad("a cosigner without signature", [2], o.coordinator.record.device);
  bad("a cosignature without cosigner", [3], new Uint8Array(64));
  removals(topic, { given, held });
}

function removals(topic: Topic, { given, held }: { given: Readonly<Record<string, Raw>>; held: Bytes }): void {
  const former = o.entries.filter(({ device }) => device === o.caseworker.record).map(entryRecord.encode);
  const [entry = held] = former;
  const with_ = (lastCounter: number, lastCard: Bytes) => {
    const removal = { device: o.caseworker.record.device, removedAt: o.NOW, lastCounter, lastCard };
    return { ...given, former, roster: rosterRecord.encode({ ...removed, removals: [removal] }) };
  };
  const last = with_(1, cardHash(o.card));
  topic.add("card: the last one of a removed device", "card", last);
  topic.add("card: one before the last of a removed device", "card", with_(2, o.named("x")));
  const bad = (name: string, changes: Record<string, Bytes | string | Bytes[]>) => {
    topic.add(`card: ${name}`, "card", { ...last, ...changes }, "refused");
  };
  bad("after the last one of a removed device", { roster: with_(0, o.ZEROS).roster });
  bad("another than the last one of a removed device", { roster: with_(1, o.named("x")).roster });
  bad("a removed device that nobody remembers", { former: [] });
  bad("a removed device remembered with another role", { former: [edited(entry, [2], uint(8, 1))] });
  bad("a removed phone that only confirmed", { former: [edited(entry, [2], uint(32, 1))] });
  bad("a removed device remembered as standing later", { former: [edited(entry, [4], uint(o.NOW, 8))] });
  bad("a device neither removed nor standing", { roster: rosterRecord.encode(removed) });
}

export function notices(): Topic {
  const topic = new Topic("notices");
  forms(topic);
  approvals(topic);
  gos(topic);
  cancels(topic);
  alerts(topic);
  cards(topic);
  return topic;
}

import type { Bytes } from "../../../src/protocol/bytes.ts";
import type { DeviceKeys } from "../../../src/protocol/keys.ts";
import { prekeyRecord } from "../../../src/protocol/prekey.ts";
import { rec } from "../../../src/protocol/record.ts";
import {
  type Pin,
  ANY_ROLE,
  type Roster,
  Role,
  follow,
  removalRecord,
  rosterRecord,
  signedRoster,
  signedSuccession,
  successorCommit,
} from "../../../src/protocol/roster.ts";
import { signingKey } from "../../../src/protocol/signature.ts";
import * as o from "../office.ts";
import { type Fails, type Raw, Topic, edited, flip, parts } from "./topic.ts";

const thirdSeed = o.named("third root");
const root = { rootPk: signingKey(o.successorSeed), successorCommit: successorCommit(signingKey(thirdSeed)) };
const succession = { office: o.office, previous: o.first.rootPk, root };

/** Rosters without epochs: they stay small. */
const base: Roster = { ...o.roster, epochs: [] };
const one = signedRoster.sign(base, o.rootSeed);
const pinned = follow(o.beginning, one).pin;
const second: Roster = { ...base, version: 2, prev: pinned.hash, issued: o.NOW };
const two = signedRoster.sign(second, o.rootSeed);

function pinOf({ office, version, hash, root: known }: Pin): Raw {
  return { office, version, hash, root: known ?? "" };
}

function following(topic: Topic): void {
  const letter: Pin = { office: o.office, version: 1, hash: pinned.hash };
  const add = (name: string, pin: Pin, roster: Bytes, fails: Fails = null) => {
    topic.add(`follow: ${name}`, "follow", { pin: pinOf(pin), roster }, fails);
  };
  const signed = (changes: Partial<Roster>, seed = o.rootSeed) => signedRoster.sign({ ...second, ...changes }, seed);
  add("the first of all", o.beginning, one);
  add("the very one of the letter", letter, one);
  add("the very one again", pinned, one);
  add("the next", pinned, two);
  add("the next, straight from a letter", letter, two, "refused");
  add("the next, from the beginning", o.beginning, two, "refused");
  add("an older one", follow(pinned, two).pin, one, "refused");
  add("a fork of the same version", pinned, signedRoster.sign({ ...base, issued: o.NOW }, o.rootSeed), "refused");
  add("a fork of the same version, from a letter", letter, signedRoster.sign({ ...base, issued: o.NOW }, o.rootSeed), "refused");
  add("a gap", pinned, signed({ version: 3 }), "refused");
  add("another one before", pinned, signed({ prev: o.named("x") }), "refused");
  add("another office pinned", { ...pinned, office: o.named("x") }, two, "refused");
  add("another office named", pinned, signed({ office: o.named("x"), entries: [] }), "refused");
  add("another first root", pinned, signed({ first: root }, o.successorSeed), "refused");
  add("a wrong signature", pinned, flip(two, -1), "refused");
  add("signed by an officer", pinned, signed({}, o.coordinator.signSeed), "refused");
  add("signed by the successor without succession", pinned, signed({}, o.successorSeed), "refused");
  add("cut", pinned, two.slice(0, -1), "malformed");

  const succeeded = (changes: Partial<typeof succession>, seed = o.successorSeed) =>
    signedSuccession.decode(signedSuccession.sign({ ...succession, ...changes }, seed));
  const handed = { ...second, successions: [succeeded({})] };
  const handedWire = signedRoster.sign(handed, o.successorSeed);
  const after = follow(pinned, handedWire).pin;
  add("the committed successor", pinned, handedWire);
  add("the committed successor, signed by the old root", pinned, signedRoster.sign(handed, o.rootSeed), "refused");
  const successions = {
    "not signed by the new root": succeeded({}, o.rootSeed),
    "of another office": succeeded({ office: o.named("x") }),
    "from another root": succeeded({ previous: o.named("x") }),
    "to a root not committed to": succeeded({ root: { ...root, rootPk: signingKey(thirdSeed) } }, thirdSeed),
  };
  for (const [name, bad] of Object.entries(successions)) {
    const seed = bad === successions["to a root not committed to"] ? thirdSeed : o.successorSeed;
    add(`a succession ${name}`, pinned, signedRoster.sign({ ...second, successions: [bad] }, seed), "refused");
  }
  const third = { ...second, version: 3, prev: after.hash };
  add("the replaced root comes back", after, signedRoster.sign(third, o.rootSeed), "refused");
  add("the next under the new root", after, signedRoster.sign({ ...third, successions: handed.successions }, o.successorSeed));
  add("the succession twice", after, signedRoster.sign({ ...third, successions: [succeeded({}), succeeded({})] }, o.successorSeed), "refused");
}

function standing(topic: Topic): void {
  const roster = rosterRecord.encode(base);
  const device = o.caseworker.record.device;
  const given = { roster, device, at: o.NOW, roles: Role.caseworker };
  const pocket = { roster: rosterRecord.encode(o.withPocket) };
  topic.add("standing: beside a phone that only confirms", "standing", { ...given, ...pocket });
  topic.family("standing", "standing", given, [
    ["before its time", "refused", { at: o.NOW - 10 * o.DAY - 1 }],
    ["when its time ends", "refused", { at: o.NOW + 20 * o.DAY }],
    ["another role", "refused", { roles: Role.coordinator }],
    ["a phone that only confirms, in any role", "refused", { ...pocket, device: o.pocket.record.device, roles: ANY_ROLE }],
    ["a phone that only confirms, as its officer", "refused", { ...pocket, device: o.pocket.record.device, roles: Role.coordinator }],
    ["roles it has none of", "refused", { roles: Role.coordinator | Role.liaison | Role.auditor | Role.host }],
    ["an auditor as caseworker", "refused", { device: o.auditor.record.device }],
    ["nobody's device", "refused", { device: o.phone.record.device }],
  ]);
  topic.add("standing: at its first second", "standing", { ...given, at: o.NOW - 10 * o.DAY });
  topic.add("standing: at its last second", "standing", { ...given, at: o.NOW + 20 * o.DAY - 1 });
  const whole = rosterRecord.encode(o.roster);
  topic.add("epoch: now", "epoch", { roster: whole, now: o.NOW });
  topic.add("epoch: an hour before it was made", "epoch", { roster: whole, now: o.NOW - o.DAY - o.HOUR });
  topic.add("epoch: earlier still", "epoch", { roster: whole, now: o.NOW - o.DAY - o.HOUR - 1 }, "refused");
  topic.add("epoch: after its time", "epoch", { roster: whole, now: o.NOW + 6 * o.DAY }, "refused");
  topic.add("epoch: none", "epoch", { roster, now: o.NOW }, "refused");
  const newer = o.prekeyPair("epoch", "epoch two", 2).prekey;
  const both = rosterRecord.encode({ ...o.roster, epochs: [o.epoch.prekey, newer] });
  topic.add("epoch: the newest of two", "epoch", { roster: both, now: o.NOW });
  const expired = rosterRecord.encode({ ...o.roster, expires: o.NOW });
  topic.add("epoch: the roster has expired", "epoch", { roster: expired, now: o.NOW }, "refused");
}

function forms(topic: Topic): void {
  const good = rosterRecord.encode(o.roster);
  topic.add("roster: good", "parse", { type: "roster", bytes: good });
  topic.add("signed roster: good", "parse", { type: "signed roster", bytes: o.rosterWire });
  const bad = (name: string, path: readonly number[], value: Bytes) => {
    topic.add(`roster: ${name}`, "parse", { type: "roster", bytes: edited(good, path, value) }, "malformed");
  };
  const number = (value: number, size = 8) => {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(size - 4, value);
    return bytes;
  };
  bad("version 0", [3], number(0));
  bad("version 2 without one before", [3], number(2));
  bad("one before version 1", [4], o.named("x"));
  bad("expires when issued", [6], number(o.NOW - o.DAY));
  bad("lives 30 days and a second", [6], number(o.NOW + 29 * o.DAY + 1));
  bad("no role", [7, 0, 2], number(0, 4).slice(3));
  bad("an unknown role", [7, 0, 2], number(64, 4).slice(3));
  bad("a role beside confirming", [7, 0, 2], number(33, 4).slice(3));
  for (const code of ["", "c-01", "-C01", "C 01", "ABCDEFGHIJKLMNOPQ", "C-01\n", "Ｃ01"]) {
    bad(`role code ${JSON.stringify(code)}`, [7, 0, 1], new Uint8Array(Buffer.from(code)));
  }
  const pockets = rosterRecord.encode(o.withPocket);
  const at = (keys: DeviceKeys) => o.withPocket.entries.findIndex(({ device }) => device === keys.record);
  topic.add("roster: a phone that only confirms", "parse", { type: "roster", bytes: pockets });
  const without = edited(pockets, [7], rec(...parts(parts(pockets)[7] ?? pockets).filter((_, place) => place !== at(o.colleague))));
  topic.add("roster: an officer who has nothing else", "parse", { type: "roster", bytes: without });
  const contradicts = (name: string, path: readonly number[], value: Bytes) => {
    topic.add(`roster: ${name}`, "parse", { type: "roster", bytes: edited(pockets, path, value) }, "malformed");
  };
  contradicts("a phone that only confirms, under another role code", [7, at(o.pocket), 1], new Uint8Array(Buffer.from("C-07")));
  contradicts("a phone that confirms and coordinates", [7, at(o.pocket), 2], number(33, 4).slice(3));
  contradicts("two desks with different roles beside it", [7, at(o.secondDevice), 2], number(2, 4).slice(3));
  bad("a role code not UTF-8", [7, 0, 1], Uint8Array.of(0xc3));
  bad("a role code shared by two officers", [7, 0, 1], new Uint8Array(Buffer.from(o.entries[1]?.roleCode ?? "")));
  bad("a contact's device", [7, 0, 3, 1], Uint8Array.of(1));
  bad("a device of another officer", [7, 0, 3, 2], o.named("x", 16));
  bad("a device of another office", [7, 0, 3, 0], o.named("x"));
  bad("a device twice", [7, 1, 3, 3], o.entries[0]?.device.device ?? number(0));
  bad("an epoch of another office", [9, 0, 0], o.named("x"));
  bad("an epoch with a holder", [9, 0, 2], o.named("x", 16));
  bad("a device's prekey among the epochs", [9, 0, 1], Uint8Array.of(1));
  bad("an epoch sealed to until it was made", [9, 0, 6], number(o.NOW - o.DAY));
  bad("an epoch deleted too early", [9, 0, 7], number(o.NOW + 6 * o.DAY - 1));
  bad("an epoch kept 90 days and a second", [9, 0, 7], number(o.NOW + 89 * o.DAY + 1));
  bad("a number above 2^53 - 1", [9, 0, 4], Uint8Array.of(0, 32, 0, 0, 0, 0, 0, 0));
  bad("a time after the year 9999", [5], Uint8Array.of(0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x80));
  const [entries, epoch] = [parts(parts(good)[7] ?? good), o.epoch.prekey];
  const standing = entries[0] ?? good;
  const removed = { device: o.entries[0]?.device.device ?? good, removedAt: o.NOW, lastCounter: 0, lastCard: o.ZEROS };
  bad("a removed device that stands", [8], rec(removalRecord.encode(removed)));
  bad("entries out of order", [7], rec(...[...entries].reverse()));
  bad("an entry twice", [7], rec(standing, ...entries));
  bad("epochs out of order", [9], rec(prekeyRecord.encode({ ...epoch, sequence: 2 }), prekeyRecord.encode(epoch)));
  bad("an epoch id twice", [9], rec(prekeyRecord.encode(epoch), prekeyRecord.encode({ ...epoch, sequence: 2 })));
  bad("an epoch sequence twice", [9], rec(prekeyRecord.encode(epoch), prekeyRecord.encode({ ...epoch, prekey: o.named("x", 16) })));
}

export function rosters(): Topic {
  const topic = new Topic("rosters");
  following(topic);
  standing(topic);
  forms(topic);
  return topic;
}

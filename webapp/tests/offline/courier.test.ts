import { beforeEach, describe, expect, test, vi } from "vitest";
import { ArmourKind, dress, rosterWires, signedFollow, signedUpload, undress } from "../../src/protocol/armour.ts";
import { Kind, innerRecord } from "../../src/protocol/content.ts";
import { decodeEnvelope } from "../../src/protocol/envelope.ts";
import { fromBase64Url, toBase64Url } from "../../src/protocol/encoding.ts";
import { deviceKeys, prekeyPair } from "../../src/protocol/keys.ts";
import { rosterHash, signedRoster, type Roster } from "../../src/protocol/roster.ts";
import { openEnvelope, seal } from "../../src/protocol/sealing.ts";
import type * as carrying from "../../src/offline/courier.ts";
import type { resumed as Resumed } from "../../src/offline/keys.ts";
import type * as store from "../../src/state.ts";
import type { Parts } from "../../src/state.ts";
import type * as writing from "../../src/writing.ts";
import * as o from "../protocol/office.ts";
import { fake, values } from "../app/disk.ts";

vi.mock("idb-keyval", () => fake);
vi.mock("../../src/relay.ts", () => import("../../src/offline/relay.ts"));

const DAY = 86_400;
const me = o.phone;
const thread = toBase64Url(me.record.owner);

let state: typeof store;
let courier: typeof carrying;
let compose: typeof writing.compose;
let resumed: typeof Resumed;

function parts(): Parts {
  return {
    self: {
      keys: deviceKeys.encode(me),
      prekeys: [prekeyPair.encode(o.phonePrekey)],
      state: "enrolled",
      bot: "",
    },
    office: { pin: o.followed.pin, wire: o.rosterWire, former: [], floor: o.NOW },
    ledger: { ...state.emptyLedger },
    messages: [],
    notices: [],
    settings: { consents: { messages: true, departures: true }, agreedAt: { messages: o.NOW }, paused: false },
    about: state.emptyAbout,
    queue: [],
  };
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: o.NOW * 1000 });
  vi.stubGlobal("window", { location: { hash: "", href: "file:///page.html" }, addEventListener: () => undefined });
  values.clear();
  vi.resetModules();
  state = await import("../../src/state.ts");
  courier = await import("../../src/offline/courier.ts");
  ({ compose } = await import("../../src/writing.ts"));
  ({ resumed } = await import("../../src/offline/keys.ts"));
  const { Safe } = await import("../../src/safe.ts");
  const { beginAt } = await import("../../src/time.ts");
  await state.unseal(new Safe(new Uint8Array(32)), parts());
  beginAt(o.NOW);
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

const later = (days: number): void => {
  vi.setSystemTime((o.NOW + days * DAY) * 1000);
};

/** From the office to this device, or to another. */
function letter(text: string, counter = 1, pair = o.phonePrekey): string {
  const inner = o.inner(o.coordinator, me.record.owner, { kind: Kind.text, text }, { counter, prev: counter > 1 ? o.named("before") : o.ZEROS });
  const recipients = [{ prekey: pair.prekey }];
  return dress(ArmourKind.envelope, seal({ inner, sender: o.coordinator, recipients, now: o.NOW, expires: o.NOW + 2 * DAY }));
}

async function write(text: string): Promise<void> {
  await state.commit(compose({ kind: Kind.text, text }, { text, status: 0 }));
}

describe("to the bot", () => {
  test("one letter keeps its id however often it is given, and the office reads it", async () => {
    await write("hello");
    const [errand] = courier.letters();
    if (!errand) throw new Error("nothing waits");
    const given = [await courier.upload(errand)];
    later(1);
    await courier.gave(errand);
    given.push(await courier.upload(courier.letters()[0] ?? errand));
    const ids = given.map((text) => {
      const { kind, payload } = undress(text);
      expect(kind).toBe(ArmourKind.upload);
      const { envelope } = signedUpload.open(payload, me.record.signPk);
      const { content } = openEnvelope(envelope, { sender: me.record, prekey: o.epoch });
      expect(content.inner.payload).toEqual({ kind: Kind.text, text: "hello" });
      return toBase64Url(decodeEnvelope(envelope).header.envelope);
    });
    expect(ids).toEqual([errand.id, errand.id]);
    expect(given[0]).not.toBe(given[1]);
  });

  test("what was given and never opened is let go with the messages' own time", async () => {
    await write("lost");
    await write("not given yet");
    const [errand] = courier.letters();
    if (errand) await courier.gave(errand);
    await state.commit({ office: { ...state.get("office"), floor: o.NOW + 8 * DAY } });
    const { heardFromOffice } = await import("../../src/time.ts");
    later(8);
    await courier.tidy();
    expect(courier.letters()).toHaveLength(2); // this phone's clock alone says so
    heardFromOffice(o.NOW + 8 * DAY);
    await courier.tidy();
    expect(courier.letters()).toHaveLength(1);
    expect(state.get("messages").map((message) => message.state)).toEqual(["handed", "waiting"]);
  });

  test("a list that has run out seals nothing", async () => {
    await write("too late");
    const [errand] = courier.letters();
    later(21);
    await expect(errand && courier.upload(errand)).rejects.toThrow();
    expect(courier.letters()).toHaveLength(1);
  });
});

describe("from the bot", () => {
  test("pieces are found between other words, whole ones alone", async () => {
    const [one, two] = [letter("one"), letter("three", 3)];
    const broken = two.replace(/(.{60})/g, "$1\r\n ");
    expect(await courier.takeIn(`Bot [12:05]:\n${one} seen\nBot: ${broken}\nqasid1.AAAA and so on`)).toEqual(["taken", "taken", "damaged"]);
    expect(state.get("messages").map(({ text, gap }) => [text, gap])).toEqual([["one", false], ["three", true]]);
    expect(await courier.takeIn(`${one}${one.slice(0, -8)}`)).toEqual(["known", "damaged"]);
    expect([...courier.here.value]).toHaveLength(2);
    expect(await courier.takeIn("nothing here")).toEqual(["none"]);
    expect(undress(courier.request()).kind).toBe(ArmourKind.acknowledge);
  });

  test("what comes late fills its gap, once", async () => {
    const { placed } = await import("../../src/chain.ts");
    const inner = (counter: number) => o.inner(o.coordinator, me.record.owner, { kind: Kind.text, text: "" }, { counter, prev: counter > 1 ? o.named("before") : o.ZEROS });
    let ledger = state.emptyLedger;
    const gaps = [3, 1, 2].map((counter) => {
      const { gap, ...place } = placed(inner(counter), { counter, hash: o.hashOf(inner(counter)) }, ledger);
      ledger = { ...ledger, ...place };
      return gap;
    });
    expect(gaps).toEqual([true, false, false]);
    const again = (counter: number) => () => placed(inner(counter), { counter, hash: o.ZEROS }, ledger);
    for (const counter of [1, 2, 3]) expect(again(counter)).toThrow();
    expect(again(1_000_000_000)().missing).toEqual({ [Object.keys(ledger.heard)[0] ?? ""]: expect.any(Array) as unknown });
    expect(Object.values(again(1_000_000_000)().missing ?? {})[0]).toHaveLength(100);
  });

  test("what is not for this page is told apart, and leaves no trace", async () => {
    const before = JSON.stringify(state.get("ledger"));
    const other = o.prekeyPair(o.otherPhone, "another phone of theirs");
    const gone = o.prekeyPair(me, "destroyed");
    expect(await courier.takeIn(letter("x", 1, other) + letter("x", 1, gone) + courier.request())).toEqual(["other", "gone", "own"]);
    const { kind, payload } = undress(courier.request());
    expect([kind, signedFollow.open(payload, me.record.signPk).version]).toEqual([ArmourKind.follow, 1]);
    later(3);
    expect(await courier.takeIn(letter("x"))).toEqual(["old"]);
    expect(JSON.stringify(state.get("ledger"))).toBe(before);
  });

  test("a letter that does not hold is refused as from the relay", async () => {
    const inner = o.inner(o.coordinator, o.stranger.record.owner, { kind: Kind.text, text: "for somebody else" });
    const recipients = [{ prekey: o.phonePrekey.prekey }];
    const wire = seal({ inner, sender: o.coordinator, recipients, now: o.NOW, expires: o.NOW + DAY });
    expect(await courier.takeIn(dress(ArmourKind.envelope, wire))).toEqual(["refused"]);
    expect([state.get("ledger").rejected, courier.here.value.size]).toEqual([1, 1]);
  });

  test("lists of officers are followed step by step; another one changes nothing", async () => {
    const next = (roster: Roster, prev: string, issued: number): Roster => ({
      ...roster, version: roster.version + 1, prev: fromBase64Url(prev), issued, expires: issued + DAY,
    });
    const hash = (roster: Roster): string => toBase64Url(rosterHash(signedRoster.decode(signedRoster.sign(roster, o.rootSeed)).body));
    const second = next(o.roster, hash(o.roster), o.NOW);
    const third = next(second, hash(second), o.NOW + 1);
    const dressed = (...rosters: Roster[]): string =>
      dress(ArmourKind.rosters, rosterWires.encode(rosters.map((roster) => signedRoster.sign(roster, o.rootSeed))));
    expect(await courier.takeIn(dressed(o.roster))).toEqual(["known"]);
    expect(await courier.takeIn(dressed(third))).toEqual(["refused"]);
    expect(await courier.takeIn(dressed(o.roster, second, third))).toEqual(["listed"]);
    expect(state.get("office").pin.version).toBe(3);
    expect(await courier.takeIn(dressed({ ...third, issued: o.NOW + 2 }))).toEqual(["refused"]);
    expect([state.get("office").pin.version, state.get("office").stop]).toEqual([3, undefined]);
    expect(() => dressed(o.roster, third)).toThrow();
  });
});

describe("a key file that may be old", () => {
  test("no counter comes twice, and what it says of notices is not followed", () => {
    const held = parts();
    held.ledger.statements = { answer: 3 };
    held.notices = [{ id: "n", versions: { 1: { at: o.NOW - 50 }, 2: { at: o.NOW - 20 } } }] as unknown as Parts["notices"];
    const opened = resumed(held, o.NOW);
    expect(opened.ledger.sent[thread]?.counter).toBe(o.NOW);
    expect(opened.ledger.sent[thread]?.hash).not.toEqual(o.ZEROS);
    expect(opened.ledger.statements).toEqual({ answer: o.NOW });
    expect(opened.settings.withdrawnAt).toBe(o.NOW - 20);
    // A clock that stands, or ran ahead once, is no way back either.
    const again = resumed(opened, o.NOW - 5);
    expect([again.ledger.sent[thread]?.counter, again.ledger.statements["answer"]]).toEqual([o.NOW + 1, o.NOW + 1]);
  });

  test("a first message counts on from there, as one that follows another", async () => {
    await state.commit(resumed(parts(), o.NOW));
    await write("first");
    const [errand] = courier.letters();
    const { counter, prev } = innerRecord.decode(errand?.inner ?? new Uint8Array());
    expect(counter).toBe(o.NOW + 1);
    expect(prev).not.toEqual(o.ZEROS);
    expect(resumed(parts(), o.NOW).settings.withdrawnAt).toBeUndefined();
  });
});

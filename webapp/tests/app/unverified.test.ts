import { beforeEach, describe, expect, test, vi } from "vitest";
import { cosignCard, contactCard, Evidence, issueCard, type CardBody } from "../../src/protocol/card.ts";
import { OwnerKind } from "../../src/protocol/device.ts";
import { fromBase64Url, toBase64Url } from "../../src/protocol/encoding.ts";
import { deviceKeys } from "../../src/protocol/keys.ts";
import type * as store from "../../src/state.ts";
import type { Parts, Unverified } from "../../src/state.ts";
import { device, named, NOW, office } from "../protocol/office.ts";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);

const me = device(OwnerKind.contact, "a contact", "their phone");
const [first, second] = ["one", "two"].map((name) => device(OwnerKind.officer, name, "desk"));

/** What the relay was asked, and what it answers. */
let asked: string[];
let answers: Record<string, unknown>;
let state: typeof store;

function card(change: Partial<CardBody> = {}, cosigned = true): string {
  if (!first || !second) throw new Error("there are two officers");
  const made = issueCard(
    {
      office,
      contact: me.record.owner,
      serial: 1,
      prev: new Uint8Array(32),
      certifier: first.record.device,
      counter: 1,
      devices: [me.record],
      evidence: Evidence.number,
      issued: NOW,
      ...change,
    },
    first.signSeed,
  );
  return toBase64Url(contactCard.encode(cosigned ? cosignCard(made, second.record.device, second.signSeed) : made));
}

async function phone(unverified: Partial<Unverified> = {}) {
  const { Safe } = await import("../../src/safe.ts");
  const { emptyAbout, emptyLedger } = state;
  const parts: Parts = {
    self: {
      keys: deviceKeys.encode(me),
      prekeys: [],
      state: "pending",
      bot: "",
      unverified: { code: "DOHA-7", ...unverified },
    },
    office: { pin: { office, version: 1, hash: named("head") }, former: [], floor: 0 },
    ledger: emptyLedger,
    messages: [],
    notices: [],
    settings: { consents: { messages: true, departures: false }, paused: false },
    about: emptyAbout,
    queue: [],
  };
  await state.unseal(new Safe(new Uint8Array(32)), parts);
  return import("../../src/unverified.ts");
}

const here = (): Unverified | undefined => state.get("self").unverified;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW * 1000 });
  vi.stubGlobal("window", { location: { hash: "" }, addEventListener: () => undefined });
  vi.stubGlobal("document", { hidden: false });
  values.clear();
  vi.resetModules();
  [asked, answers] = [[], {}];
  vi.doMock("../../src/relay.ts", async () => {
    const { Answered } = await import("../../src/faults.ts");
    const call = (_method: string, path: string): Promise<unknown> => {
      asked.push(path);
      return path in answers ? Promise.resolve(answers[path]) : Promise.reject(new Answered(401, "unknown_device", 0));
    };
    return { call, syncTime: () => Promise.resolve() };
  });
  state = await import("../../src/state.ts");
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

describe("unverified", () => {
  test("a card waits for the owner's word, and so does what is sent to somebody enrolled", async () => {
    const { advance } = await phone();
    answers["me"] = { state: "enrolled", card: card() };
    await advance();
    expect(asked).toEqual(["me"]);
    expect([state.get("self").state, here()?.vouched, state.get("self").card]).toEqual(["pending", true, undefined]);
  });

  test("a no is for good: nothing is asked, sent or taken any more", async () => {
    const { advance, compared } = await phone();
    answers["me"] = { state: "enrolled", card: card() };
    await compared(false);
    await state.commit({ queue: [{ kind: "post", id: "x", ref: "", path: "consents", body: "{}" }] });
    const { kick } = await import("../../src/outbox.ts");
    kick();
    await advance();
    expect(asked).toEqual([]);
    expect(here()?.same).toBe(false);
  });

  test("no first card but of two officers who compared the number, for this phone alone", async () => {
    const { judge, compared } = await phone();
    const judging = (wire: string) => (): void => {
      judge(contactCard.decode(fromBase64Url(wire)));
    };
    const other = device(OwnerKind.contact, "a contact", "another phone").record;
    const both = [me.record, other].sort((a, b) => Buffer.compare(a.device, b.device));
    expect(judging(card())).toThrow("not confirmed");
    await compared(true);
    expect(judging(card())).not.toThrow();
    expect(judging(card({}, false))).toThrow("second officer");
    expect(judging(card({ evidence: Evidence.letter }))).toThrow("comparison number");
    expect(judging(card({ serial: 2, prev: named("card") }))).toThrow("one phone");
    expect(judging(card({ devices: both }))).toThrow("one phone");
  });

  test("who is refused, and whom the relay forgot, is told", async () => {
    const { advance } = await phone();
    await expect(advance()).rejects.toThrow("unknown_device");
    expect(state.get("self").dropped).toBe(true);
    answers["me"] = { state: "refused", refused: "<b>anything</b>" };
    await advance();
    expect([state.get("self").state, state.get("self").dropped, here()?.reason]).toEqual(["refused", undefined, "unknown"]);
    asked = [];
    await advance();
    expect(asked).toEqual([]);
  });
});

import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as keeping from "../../src/retention.ts";
import type * as store from "../../src/state.ts";
import type * as clock from "../../src/time.ts";
import type * as sealed from "../../src/safe.ts";
import type { Message, NoticeFile, NoticeVersion, Parts } from "../../src/state.ts";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);

const DAY = 86_400;
const NOW = 1_800_000_000;

let time: typeof clock;
let state: typeof store;
let retention: typeof keeping;
let Safe: typeof sealed.Safe;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  values.clear();
  vi.resetModules();
  time = await import("../../src/time.ts");
  state = await import("../../src/state.ts");
  retention = await import("../../src/retention.ts");
  ({ Safe } = await import("../../src/safe.ts"));
  return () => {
    vi.useRealTimers();
  };
});

function message(id: string, changes: Partial<Message>): Message {
  const empty = { mine: false, at: NOW, text: "", status: 0, from: "C-01", gap: false, hash: "", envelope: "" };
  return { ...empty, id, state: "new", ...changes };
}

function notice(id: string, changes: Partial<NoticeVersion>): NoticeFile {
  const bytes = new Uint8Array();
  const empty = { notice: bytes, envelope: "", messageHash: "", contentHash: "", codes: [], own: null, cancelled: false };
  return { id, versions: { 1: { ...empty, at: NOW, read: false, ...changes } } };
}

/** What is left of these parts when both clocks stand at these times; the relay's is not asked for when it is null. */
async function left(parts: Partial<Parts>, { phone, relay }: { phone: number; relay: number | null }): Promise<Parts> {
  const none = { consents: { messages: true, departures: true }, paused: false };
  const unused = {} as Parts["self"] & Parts["office"];
  const empty: Parts = {
    self: unused,
    office: unused,
    ledger: state.emptyLedger,
    messages: [],
    notices: [],
    settings: none,
    about: state.emptyAbout,
    queue: [],
  };
  vi.setSystemTime(phone * 1000);
  if (relay !== null) time.heardFromRelay(relay);
  await state.unseal(new Safe(new Uint8Array(32)), { ...empty, ...parts });
  await retention.forget();
  return { ...empty, messages: state.get("messages"), notices: state.get("notices"), ledger: state.get("ledger") };
}

const ids = (all: { id: string }[]): string[] => all.map(({ id }) => id);
const years = { phone: NOW + 800 * DAY, relay: NOW + 800 * DAY };

describe("retention", () => {
  test("what was not read is never erased, however long it waited", async () => {
    const parts = { messages: [message("m", {})], notices: [notice("n", {})] };
    const { messages, notices } = await left(parts, years);
    expect([ids(messages), ids(notices)]).toEqual([["m"], ["n"]]);
  });

  test("the week begins with the first reading, the four of a notice too", async () => {
    const read = NOW + 20 * DAY;
    const parts = {
      messages: [message("m", { state: "read", since: read })],
      notices: [notice("n", { read: true, since: read })],
    };
    const at = (days: number) => ({ phone: read + days * DAY, relay: read + days * DAY });
    expect(ids((await left(parts, at(6))).messages)).toEqual(["m"]);
    const week = await left(parts, at(7));
    expect([ids(week.messages), ids(week.notices)]).toEqual([[], ["n"]]);
    expect(ids((await left(parts, at(28))).notices)).toEqual([]);
  });

  test("own messages go a week after they were written, but not while they wait", async () => {
    const own = (state: Message["state"]) => message(state, { mine: true, state });
    const parts = { messages: [own("waiting"), own("handed"), own("failed")] };
    const { messages } = await left(parts, { phone: NOW + 7 * DAY, relay: NOW + 7 * DAY });
    expect(ids(messages)).toEqual(["waiting"]);
  });

  test("whoever chose a day, keeps messages a day, and notices as long as ever", async () => {
    const parts = {
      messages: [message("m", { state: "read", since: NOW })],
      notices: [notice("n", { read: true, since: NOW })],
      settings: { consents: { messages: true, departures: true }, paused: false, days: 1 },
    };
    const at = (seconds: number) => ({ phone: NOW + seconds, relay: NOW + seconds });
    expect(ids((await left(parts, at(DAY - 1))).messages)).toEqual(["m"]);
    const { messages, notices } = await left(parts, at(DAY));
    expect([ids(messages), ids(notices)]).toEqual([[], ["n"]]);
  });

  test.each([
    ["the relay lies", { phone: NOW, relay: NOW + 800 * DAY }],
    ["the phone's clock is wrong", { phone: NOW + 800 * DAY, relay: NOW }],
    ["nobody has told the time yet", { phone: NOW + 800 * DAY, relay: null }],
  ])("nothing is erased when %s", async (_name, clocks) => {
    const parts = {
      messages: [message("m", { state: "read", since: NOW }), message("o", { mine: true, state: "handed" })],
      notices: [notice("n", { read: true, since: NOW })],
      ledger: {
        ...state.emptyLedger,
        seen: { e: NOW + DAY },
        early: [{ notice: "n", kind: "cancel" as const, wire: new Uint8Array(), since: NOW }],
      },
    };
    const kept = await left(parts, clocks);
    expect([ids(kept.messages), ids(kept.notices)]).toEqual([["m", "o"], ["n"]]);
    expect(kept.ledger).toEqual(parts.ledger);
    const gone = await left(parts, years);
    expect([gone.messages, gone.notices, gone.ledger]).toEqual([[], [], state.emptyLedger]);
  });
});

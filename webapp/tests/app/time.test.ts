import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as renewal from "../../src/renewal.ts";
import type * as own from "../../src/self.ts";
import type * as clock from "../../src/time.ts";
import { deviceKeys, newDevice, prekeyPair } from "../../src/protocol/keys.ts";
import type { Self } from "../../src/state.ts";

const DAY = 86_400;
const NOW = 1_800_000_000;

let time: typeof clock;
let renewPrekeys: typeof renewal.renewPrekeys;
let self: typeof own;

/** Sets the phone's own clock, unix seconds. */
function set(at: number): void {
  vi.setSystemTime(at * 1000);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  set(NOW);
  // What was heard of the time is kept in the module.
  vi.resetModules();
  time = await import("../../src/time.ts");
  ({ renewPrekeys } = await import("../../src/renewal.ts"));
  self = await import("../../src/self.ts");
  return () => {
    vi.useRealTimers();
  };
});

const device = newDevice(new Uint8Array(32).fill(1), 1, new Uint8Array(16).fill(2));

/** Three prekeys, made each a week after the other, the last one just before now. */
function enrolled(): Self {
  const pairs = [1, 2, 3].map((n) => self.makePrekey(device, n, NOW - (3 - n) * 7 * DAY - 60));
  return { keys: deviceKeys.encode(device), prekeys: pairs.map(prekeyPair.encode), state: "enrolled", bot: "" };
}

function renewed(before: Self): { sequences: number[]; created: number } {
  const after = renewPrekeys(before, { now: time.plausible(), certain: time.certain() })?.self ?? before;
  const prekeys = self.prekeysOf(after).map(({ prekey }) => prekey);
  return { sequences: prekeys.map(({ sequence }) => sequence), created: prekeys.at(-1)?.created ?? 0 };
}

describe("time", () => {
  test("a relay that lies about the time destroys no prekey and dates none ahead", () => {
    time.heardFromRelay(NOW + 60 * DAY);
    expect(renewed(enrolled())).toEqual({ sequences: [1, 2, 3], created: NOW - 60 });
  });

  test("a phone whose own clock runs ahead destroys nothing either, and dates new ones by the relay", () => {
    set(NOW + 100 * DAY);
    time.heardFromRelay(NOW + 7 * DAY);
    expect(renewed(enrolled())).toEqual({ sequences: [1, 2, 3, 4], created: NOW + 7 * DAY });
  });

  test("what both clocks say is over is destroyed", () => {
    set(NOW + 45 * DAY);
    time.heardFromRelay(NOW + 45 * DAY);
    expect(renewed(enrolled())).toEqual({ sequences: [3, 4], created: NOW + 45 * DAY });
  });

  test("a phone whose clock stands far behind goes on by what the office signed", () => {
    set(0);
    time.heardFromRelay(NOW + 9 * DAY);
    time.heardFromOffice(NOW + 8 * DAY);
    expect(renewed(enrolled())).toEqual({ sequences: [1, 2, 3, 4], created: NOW + 8 * DAY });
  });

  test("before the relay was heard, only what the office signed counts beside the phone's clock", () => {
    set(NOW + 100 * DAY);
    expect(time.certain()).toBe(0);
    time.heardFromOffice(NOW);
    expect(time.certain()).toBe(NOW);
    time.heardFromRelay(NOW + 3 * DAY);
    expect(time.certain()).toBe(NOW + 3 * DAY);
  });

  test("one person's office sets no clock for another's on the same phone", () => {
    time.heardFromOffice(NOW + 400 * DAY);
    time.beginAt(NOW - DAY);
    expect(time.now()).toBe(NOW);
    time.heardFromOffice(NOW + DAY);
    expect(time.now()).toBe(NOW + DAY);
  });
});

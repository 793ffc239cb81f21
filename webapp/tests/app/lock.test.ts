import type * as argon2 from "@noble/hashes/argon2.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Unlocked } from "../../src/lock.ts";
import type { Locks } from "../../src/safes.ts";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);
const keystore = new Map<string, string>();
let works = false;
vi.mock("../../src/securestore.ts", () => ({
  keep: (name: string, value: string) => {
    if (works) keystore.set(name, value);
    return Promise.resolve(works);
  },
  recall: (name: string) => Promise.resolve(keystore.get(name) ?? null),
}));
// The real function with little memory: what the app asks for is looked at apart.
const asked: { t: number; m: number }[] = [];
vi.mock("@noble/hashes/argon2.js", async (original) => {
  const { argon2idAsync } = await original<typeof argon2>();
  return {
    argon2idAsync: (pin: string, salt: Uint8Array, terms: { t: number; m: number; p: number; dkLen: number }) => {
      asked.push(terms);
      return argon2idAsync(pin, salt, { ...terms, m: 64 });
    },
  };
});
const lock = await import("../../src/lock.ts");
const { affordable } = await import("../../src/stretch.ts");
const { freeTail } = await import("../../src/tail.ts");

const NOW = 1_800_000_000;
const PIN = "274916";
const FIRST = { tail: "", farewell: "goodbye" };
const SECOND = { tail: "47", farewell: "adieu" };
const OTHER_PIN = "50381647";

const kept = (): Locks => values.get("lock") as Locks;

beforeEach(() => {
  values.clear();
  keystore.clear();
  works = false;
});

describe("lock", () => {
  test("what is common is no PIN", () => {
    for (const pin of ["", "27491", "111111", "123456", "987654", "234567"]) expect(lock.goodPin(pin), pin).toBe(false);
    for (const pin of [PIN, "112233", "135790", "a longer passphrase"]) expect(lock.goodPin(pin), pin).toBe(true);
  });

  test("waiting begins at the third failure and ends at a quarter of an hour", () => {
    expect([1, 2, 3, 4, 5, 8, 20].map(lock.penalty)).toEqual([0, 0, 30, 60, 120, 900, 900]);
  });

  test("memory is what the phone can afford, never below the floor", () => {
    expect(affordable(50)).toBe(64);
    expect(affordable(300)).toBe(46);
    expect(affordable(500)).toBe(32);
    expect(affordable(60_000)).toBe(19);
  });

  test.each([
    ["a slow phone stretches its PIN once", 60_000, [19]],
    ["a fast one once more, with what it can afford", 50, [19, 64]],
  ])("%s", async (_name, took, mib) => {
    asked.length = 0;
    vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValueOnce(took);
    const made = await lock.create(PIN, FIRST);
    expect(asked.map(({ m }) => m / 1024)).toEqual(mib);
    expect(kept().mib).toBe(mib.at(-1));
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "open", ...made });
    vi.restoreAllMocks();
  });

  test("the PIN opens the key it wrapped, and no other does", async () => {
    const made = await lock.create(PIN, FIRST);
    expect(await lock.unlock("000999", NOW)).toEqual({ state: "wrong", wait: 0 });
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "open", ...made });
    expect(asked.length).toBeGreaterThanOrEqual(4);
    for (const { t, m } of asked) expect(t * m).toBeGreaterThanOrEqual(2 * 19 * 1024);
    expect(kept().safes[0]?.failures).toBe(0);
  });

  test("after three failures even the right PIN waits", async () => {
    await lock.create(PIN, FIRST);
    for (let n = 0; n < 3; n++) await lock.unlock("000999", NOW);
    expect(await lock.unlock(PIN, NOW + 29)).toEqual({ state: "wait", wait: 1 });
    expect((await lock.unlock(PIN, NOW + 30)).state).toBe("open");
  });

  test("a clock set back lengthens no wait", async () => {
    await lock.create(PIN, FIRST);
    for (let n = 0; n < 3; n++) await lock.unlock("000999", NOW);
    expect(await lock.unlock(PIN, NOW - 10_000_000)).toEqual({ state: "wait", wait: 900 });
  });

  test("a failure is on disk before the PIN is tried", async () => {
    await lock.create(PIN, FIRST);
    const trying = lock.unlock("000999", NOW);
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(kept().safes[0]?.failures).toBe(1);
    await trying;
  });

  test("there is no lock before there is something behind it", async () => {
    const seen: unknown[] = [];
    const made = await lock.create(PIN, FIRST, (opened) => {
      seen.push(opened, values.get("lock"));
      return Promise.resolve();
    });
    expect(seen).toEqual([made, undefined]);
    expect(kept().safes).toHaveLength(1);
  });

  test("ten wrong tries in a row spend a safe whose person wished it, and no other", async () => {
    await lock.create(PIN, FIRST);
    const { id } = await lock.create(OTHER_PIN, SECOND);
    values.set("lock", { ...kept(), safes: kept().safes.map((safe) => ({ ...safe, fragile: safe.id === id })) });
    const tries = async (count: number): Promise<Unlocked[]> => {
      const all: Unlocked[] = [];
      for (let at = 0; at < count; at += 1) all.push(await lock.unlock("000999", NOW + 1_000 * (seen += 1)));
      return all;
    };
    let seen = 0;
    for (const one of await tries(9)) expect(one).not.toHaveProperty("spent");
    expect((await lock.unlock(OTHER_PIN, NOW + 1_000 * (seen += 1))).state).toBe("open"); // the count begins anew
    for (const one of await tries(9)) expect(one).not.toHaveProperty("spent");
    expect(await tries(1)).toMatchObject([{ state: "wrong", spent: [id] }]);
  });

  test("with a keystore, the database alone opens nothing", async () => {
    works = true;
    await lock.create(PIN, FIRST);
    const second = keystore.get("safe") ?? "";
    keystore.clear();
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "keystore-gone" });
    keystore.set("safe", "00".repeat(32));
    expect((await lock.unlock(PIN, NOW)).state).toBe("wrong");
    keystore.set("safe", second);
    expect((await lock.unlock(PIN, NOW)).state).toBe("open");
  });
});

describe("several people on one phone", () => {
  test("each PIN opens its own safe, after one stretch for all of them", async () => {
    works = true;
    const [one, two] = [await lock.create(PIN, FIRST), await lock.create(OTHER_PIN, SECOND)];
    expect(one.id).not.toBe(two.id);
    expect(one.key).not.toEqual(two.key);
    expect([...keystore.keys()].sort()).toEqual([one.id, two.id].sort());
    expect(new Set(keystore.values()).size).toBe(2);
    asked.length = 0;
    expect(await lock.unlock(OTHER_PIN, NOW)).toEqual({ state: "open", ...two });
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "open", ...one });
    expect(await lock.unlock("000999", NOW)).toEqual({ state: "wrong", wait: 0 });
    expect(asked).toHaveLength(3);
  });

  test("setting up another safe leaves the first one's record as it was", async () => {
    await lock.create(PIN, FIRST);
    await lock.unlock("000999", NOW);
    const [before] = kept().safes;
    await lock.create(OTHER_PIN, SECOND);
    expect(kept().safes[0]).toEqual(before);
    expect(kept().safes).toHaveLength(2);
  });

  test("opening one's own safe buys no tries at another's", async () => {
    const [one, two] = [await lock.create(PIN, FIRST), await lock.create(OTHER_PIN, SECOND)];
    for (let n = 0; n < 3; n++) {
      expect((await lock.unlock("000999", NOW)).state).toBe("wrong");
      if (n < 2) expect(await lock.unlock(PIN, NOW)).toEqual({ state: "open", ...one });
    }
    // The first one's single failure since is free; the other's three are not forgiven by it.
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "open", ...one });
    expect(await lock.unlock(OTHER_PIN, NOW)).toEqual({ state: "wrong", wait: 0 });
    expect(await lock.unlock(OTHER_PIN, NOW + 30)).toEqual({ state: "open", ...two });
  });

  test("a keystore that lost one person's key stops nobody else", async () => {
    works = true;
    const [one, two] = [await lock.create(PIN, FIRST), await lock.create(OTHER_PIN, SECOND)];
    keystore.delete(one.id);
    expect((await lock.unlock(PIN, NOW)).state).toBe("wrong");
    expect(await lock.unlock(OTHER_PIN, NOW)).toEqual({ state: "open", ...two });
    for (let n = 0; n < 2; n++) await lock.unlock("000999", NOW);
    expect(await lock.unlock("000999", NOW)).toEqual({ state: "wrong", wait: 30 });
    expect(await lock.unlock(OTHER_PIN, NOW)).toEqual({ state: "wait", wait: 30 });
    keystore.clear();
    expect(await lock.unlock(OTHER_PIN, NOW)).toEqual({ state: "keystore-gone" });
  });

  test("a tail is two digits that nobody's PIN here ends in", async () => {
    await lock.create(PIN, FIRST);
    const all = Array.from({ length: 100 }, (_, at) => String(at).padStart(2, "0"));
    const [model] = kept().safes;
    const taken = all.filter((tail) => tail !== "08").map((tail) => ({ ...model, tail }));
    values.set("lock", { ...kept(), safes: taken });
    for (let n = 0; n < 5; n++) expect(await freeTail()).toBe("08");
    values.set("lock", { ...kept(), safes: [...taken, { ...model, tail: "08" }] });
    await expect(freeTail()).rejects.toThrow("no more people");
  });
});

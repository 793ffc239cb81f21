import type * as argon2 from "@noble/hashes/argon2.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);
const keystore: { value: string | null } = { value: null };
let works = false;
vi.mock("../../src/securestore.ts", () => ({
  keep: (value: string) => {
    keystore.value = works ? value : null;
    return Promise.resolve(works);
  },
  recall: () => Promise.resolve(keystore.value),
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

const NOW = 1_800_000_000;
const PIN = "274916";

beforeEach(() => {
  values.clear();
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
    expect(lock.affordable(50)).toBe(64);
    expect(lock.affordable(300)).toBe(46);
    expect(lock.affordable(500)).toBe(32);
    expect(lock.affordable(60_000)).toBe(19);
  });

  test("the PIN opens the key it wrapped, and no other does", async () => {
    const key = await lock.create(PIN);
    expect(await lock.unlock("000999", NOW)).toEqual({ state: "wrong", wait: 0 });
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "open", key });
    expect(asked.length).toBeGreaterThanOrEqual(4);
    for (const { t, m } of asked) expect(t * m).toBeGreaterThanOrEqual(2 * 19 * 1024);
    expect((values.get("lock") as { failures: number }).failures).toBe(0);
  });

  test("after three failures even the right PIN waits", async () => {
    await lock.create(PIN);
    for (let n = 0; n < 3; n++) await lock.unlock("000999", NOW);
    expect(await lock.unlock(PIN, NOW + 29)).toEqual({ state: "wait", wait: 1 });
    expect((await lock.unlock(PIN, NOW + 30)).state).toBe("open");
  });

  test("a clock set back lengthens no wait", async () => {
    await lock.create(PIN);
    for (let n = 0; n < 3; n++) await lock.unlock("000999", NOW);
    expect(await lock.unlock(PIN, NOW - 10_000_000)).toEqual({ state: "wait", wait: 900 });
  });

  test("a failure is on disk before the PIN is tried", async () => {
    await lock.create(PIN);
    const trying = lock.unlock("000999", NOW);
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect((values.get("lock") as { failures: number }).failures).toBe(1);
    await trying;
  });

  test("with a keystore, the database alone opens nothing", async () => {
    works = true;
    await lock.create(PIN);
    const kept = keystore.value;
    keystore.value = null;
    expect(await lock.unlock(PIN, NOW)).toEqual({ state: "keystore-gone" });
    keystore.value = "00".repeat(32);
    expect((await lock.unlock(PIN, NOW)).state).toBe("wrong");
    keystore.value = kept;
    expect((await lock.unlock(PIN, NOW)).state).toBe("open");
  });
});

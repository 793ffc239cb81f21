import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { fake, kept, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);
const keystore = new Map<string, string>();
vi.mock("../../src/securestore.ts", () => ({ recall: (name: string) => Promise.resolve(keystore.get(name) ?? null) }));
const { Safe } = await import("../../src/safe.ts");
const safes = await import("../../src/safes.ts");
const lock = await import("../../src/lock.ts");

const PIN = "274916";
const bytes = (value: number, size = 32): Uint8Array => new Uint8Array(size).fill(value);

const safe = (id: string, farewell: string) => ({
  id,
  farewell,
  tail: "",
  keystore: id,
  nonce: bytes(1, 12),
  wrapped: bytes(2, 48),
  failures: 0,
  notBefore: 0,
});

/** Two people on one phone, each with something kept. */
async function two(): Promise<void> {
  await safes.write({ salt: bytes(0, 16), passes: 1, mib: 1, safes: [safe("safe", "goodbye"), safe("ab12", "adieu")] });
  await new Safe(bytes(7)).save({ self: "hers", queue: [1] });
  await new Safe(bytes(8), "ab12").save({ self: "his", queue: [2] });
  values.set("language", "en");
}

beforeEach(() => {
  values.clear();
  keystore.clear();
});

describe("safes", () => {
  test("neither opens with the other's key, nor in the other's place", async () => {
    await two();
    await expect(new Safe(bytes(7), "ab12").load("self")).rejects.toThrow();
    await expect(new Safe(bytes(8)).load("self")).rejects.toThrow();
    values.set("safe/self", values.get("ab12/self"));
    await expect(new Safe(bytes(7)).load("self")).rejects.toThrow();
  });

  test("taking one off leaves the other byte for byte", async () => {
    await two();
    const [before, locks] = [kept("safe/"), await safes.read()];
    expect((await safes.remove("ab12"))?.keystore).toBe("ab12");
    expect(kept("safe/")).toEqual(before);
    expect(await safes.read()).toEqual({ ...locks, safes: [safe("safe", "goodbye")] });
    expect([...values.keys()].sort()).toEqual(["language", "lock", "owed", "safe/queue", "safe/self"]);
    expect(await safes.owed()).toEqual(["adieu"]);
  });

  test("the first goes as any other", async () => {
    await two();
    const before = kept("ab12/");
    await safes.remove("safe");
    expect(kept("ab12/")).toEqual(before);
    expect(kept("safe/")).toEqual({});
  });

  test("the last takes everything, and so does whoever is not named", async () => {
    await two();
    await safes.remove("ab12");
    expect(await safes.remove("safe")).toBeUndefined();
    expect([...values]).toEqual([["owed", ["adieu", "goodbye"]]]);
    values.clear();
    await two();
    expect(await safes.remove(null)).toBeUndefined();
    expect([...values]).toEqual([["owed", ["goodbye", "adieu"]]]);
  });

  test("what is paid goes, what came meanwhile stays, and an old debt is one of many", async () => {
    values.set("owed", "old");
    expect(await safes.owed()).toEqual(["old"]);
    await two();
    await safes.remove(null);
    await safes.paid(["old", "adieu"]);
    expect([...values]).toEqual([["owed", ["goodbye"]]]);
    await safes.paid(["goodbye"]);
    expect(values.size).toBe(0);
  });
});

describe("a phone from when there could be one safe alone", () => {
  /** As that version wrote it. */
  function old(withKeystore: boolean): void {
    const [salt, nonce, key] = [bytes(3, 16), bytes(4, 12), bytes(9)];
    const second = withKeystore ? "ff".repeat(32) : "";
    if (second) keystore.set("qasid", second);
    const text = new TextEncoder();
    const stretched = argon2id(PIN, salt, { t: 1, m: 1024, p: 1, dkLen: 32 });
    const kek = hkdf(sha256, stretched, text.encode(second), text.encode("qasid app lock"), 32);
    const wrapped = chacha20poly1305(kek, nonce).encrypt(key);
    const record = { salt, passes: 1, mib: 1, keystore: withKeystore, nonce, wrapped, failures: 2, notBefore: 0 };
    values.set("lock", record);
    values.set("farewell", "goodbye");
  }

  test.each([true, false])("opens unchanged (keystore: %s)", async (withKeystore) => {
    old(withKeystore);
    await new Safe(bytes(9)).save({ self: "hers" });
    const before = kept("safe/");
    const opened = await lock.unlock(PIN, 1_800_000_000);
    expect(opened).toEqual({ state: "open", id: "safe", key: bytes(9) });
    expect(kept("safe/")).toEqual(before);
    expect(await new Safe(bytes(9), "safe").load("self")).toBe("hers");
    expect([...values.keys()].sort()).toEqual(["lock", "safe/self"]);
    expect((await safes.read())?.safes.map(({ tail, farewell }) => [tail, farewell])).toEqual([["", "goodbye"]]);
  });

  test("keeps its failures, and erases whole without the PIN", async () => {
    old(false);
    expect(await lock.unlock("000999", 1_800_000_000)).toEqual({ state: "wrong", wait: 30 });
    old(false);
    await new Safe(bytes(9)).save({ self: "hers" });
    await safes.remove(null);
    expect([...values]).toEqual([["owed", ["goodbye"]]]);
  });
});

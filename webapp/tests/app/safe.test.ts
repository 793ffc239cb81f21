import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { pack, unpack } from "../../src/json.ts";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);
const { Safe } = await import("../../src/safe.ts");

const key = (): Uint8Array => new Uint8Array(32).fill(7);

beforeEach(() => {
  values.clear();
});

describe("safe", () => {
  test("gives back what was kept, bytes included", async () => {
    await new Safe(key()).save({ self: { seed: Uint8Array.of(1, 2, 255), name: "نام" }, queue: [] });
    const again = new Safe(key());
    expect(await again.load("self")).toEqual({ seed: Uint8Array.of(1, 2, 255), name: "نام" });
    expect(await again.load("queue")).toEqual([]);
    expect(await again.load("notices")).toBeUndefined();
  });

  test("opens under no other key and no other name", async () => {
    await new Safe(key()).save({ self: "x" });
    await expect(new Safe(new Uint8Array(32)).load("self")).rejects.toThrow();
    values.set("safe/queue", values.get("safe/self"));
    await expect(new Safe(key()).load("queue")).rejects.toThrow();
  });

  test("one person's safe touches nothing of another's", async () => {
    const asked: string[] = [];
    const get = vi.spyOn(fake, "get").mockImplementation((name) => {
      asked.push(name);
      return Promise.resolve(undefined);
    });
    const own = new Safe(key(), "ab12");
    await own.load("self");
    await own.save({ self: "his", queue: [] });
    get.mockRestore();
    expect([...asked, ...values.keys()]).toEqual(["ab12/self", "ab12/self", "ab12/queue"]);
  });

  test("any changed byte is noticed", async () => {
    await new Safe(key()).save({ self: "some text" });
    const sealed = values.get("safe/self") as Uint8Array;
    for (const at of sealed.keys()) {
      values.set(
        "safe/self",
        sealed.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      );
      await expect(new Safe(key()).load("self")).rejects.toThrow();
    }
  });

  test("never the same ciphertext twice", async () => {
    const safe = new Safe(key());
    await safe.save({ self: 1 });
    const first = values.get("safe/self");
    await safe.save({ self: 1 });
    expect(values.get("safe/self")).not.toEqual(first);
  });

  test("what is saved is what stood there at the call, in order", async () => {
    const safe = new Safe(key());
    const list = [1];
    const first = safe.save({ queue: list });
    list.push(2);
    await Promise.all([first, safe.save({ queue: [3] })]);
    expect(await safe.load("queue")).toEqual([3]);
  });

  test("JSON with bytes is its own inverse", () => {
    const plain = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("$bytes") && Object.is(value, value));
    fc.assert(
      fc.property(plain, fc.uint8Array(), (value, bytes) => {
        const whole = { value: JSON.parse(JSON.stringify(value)) as unknown, bytes };
        expect(unpack(pack(whole))).toEqual(whole);
      }),
    );
  });
});

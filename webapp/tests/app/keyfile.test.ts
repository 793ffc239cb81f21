import type * as argon2 from "@noble/hashes/argon2.js";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Parts } from "../../src/state.ts";

// The real function with little memory: what a file asks for is looked at apart.
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
const { Malformed } = await import("../../src/protocol/errors.ts");
const keyfile = await import("../../src/keyfile.ts");
const { digest, fromBase64Url, toBase64Url } = await import("../../src/protocol/encoding.ts");
const { concat } = await import("../../src/protocol/bytes.ts");

const PIN = "27491638";
const PARTS = {
  self: { keys: Uint8Array.of(1, 2, 255), prekeys: [], state: "pending", bot: "نام" },
  office: { floor: 3 },
  ledger: { sent: {} },
  messages: [],
  notices: [],
  settings: { paused: false },
  about: {},
  queue: [],
} as unknown as Parts;

let text = "";
beforeAll(async () => {
  text = keyfile.seal(await keyfile.create(PIN), PARTS).text;
});

/** The file with another byte, and check bytes that say it is whole. */
function forged(change: (body: Uint8Array) => void): string {
  const body = fromBase64Url(text.slice("qasidkeys1.".length)).slice(0, -4);
  change(body);
  return `qasidkeys1.${toBase64Url(concat(body, digest("key file check", body).slice(0, 4)))}`;
}

describe("key file", () => {
  test("gives back what was sealed, and is sealed again without its PIN", async () => {
    const { opened, parts } = await keyfile.open(keyfile.read(`\n${text.slice(0, 50)}\n${text.slice(50)} `), PIN);
    expect(parts).toEqual(PARTS);
    expect(opened.generation).toBe(1);
    const next = keyfile.seal(opened, { ...PARTS, settings: { ...PARTS.settings, paused: true } });
    expect(next.text).not.toContain(text.slice(-40));
    const again = await keyfile.open(keyfile.read(next.text), PIN);
    expect([again.opened.generation, again.parts.settings.paused]).toEqual([2, true]);
  });

  test("asks for no less work than the lock does", () => {
    const { passes, mib } = keyfile.read(text);
    expect(passes).toBeGreaterThanOrEqual(2);
    expect(mib).toBeGreaterThanOrEqual(19);
    expect(asked[0]).toMatchObject({ t: 2, m: 19 * 1024 });
  });

  test("a wrong PIN is no damage", async () => {
    await expect(keyfile.open(keyfile.read(text), "27491639")).rejects.toThrow(keyfile.WrongPin);
  });

  test("damage is told before anybody is asked for a PIN", () => {
    const at = text.length >> 1;
    const bad = ["", "qasid1.AAAA", "qasidkeys1.", text.slice(0, -1), text.slice(0, at), `${text}A`, `${text}=`];
    for (const each of [...bad, text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1)]) {
      expect(() => keyfile.read(each), each.slice(0, 20)).toThrow(Malformed);
    }
    expect([keyfile.isKeyFile(` ${text}`), keyfile.isKeyFile("qasid1.AAAA")]).toEqual([true, false]);
  });

  test("what somebody changed does not open, whatever its check bytes say", async () => {
    const last = forged((body) => (body[body.length - 1] = (body.at(-1) ?? 0) ^ 1));
    await expect(keyfile.open(keyfile.read(last), PIN)).rejects.toThrow(Malformed);
    // The wrapped key stands before the nonce: then it looks like another PIN's.
    const wrapped = forged((body) => (body[4 + 60] = (body[4 + 60] ?? 0) ^ 1));
    await expect(keyfile.open(keyfile.read(wrapped), PIN)).rejects.toThrow(keyfile.WrongPin);
  });

  test("what is under the PIN has to be whole, too", async () => {
    const { opened } = await keyfile.open(keyfile.read(text), PIN);
    const less = keyfile.seal(opened, { self: PARTS.self } as unknown as Parts).text;
    await expect(keyfile.open(keyfile.read(less), PIN)).rejects.toThrow(Malformed);
  });

  test("no file may ask a phone for more work than it has", () => {
    // passes u32 stands behind two lengths, memory behind a third
    for (const at of [8, 16]) expect(() => keyfile.read(forged((body) => (body[at] = 1)))).toThrow(Malformed);
  });

  test("two files are never alike", async () => {
    const { opened } = await keyfile.open(keyfile.read(text), PIN);
    expect(keyfile.seal(opened, PARTS).text).not.toBe(keyfile.seal(opened, PARTS).text);
  });
});

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Refused } from "../../src/protocol/errors.ts";
import { agree, unseal } from "../../src/protocol/hpke.ts";
import { verifies } from "../../src/protocol/signature.ts";
import { hex, unhex } from "./vectors/plain.ts";

// Project Wycheproof on the primitives as the protocol calls them.

type Entry = Readonly<Record<string, string>>;

interface Group {
  readonly ivSize?: number;
  readonly publicKey?: { readonly pk: string };
  readonly tests: readonly Entry[];
}

function cases(name: string): { readonly group: Group; readonly one: Entry }[] {
  const file = new URL(`../../../tests/vectors/wycheproof/${name}_test.json.gz`, import.meta.url);
  const { testGroups } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { testGroups: Group[] };
  return testGroups.flatMap((group) => group.tests.map((one) => ({ group, one })));
}

const get = (one: Entry, name: string) => unhex(one[name] ?? "");
const label = (one: Entry) => `case ${one["tcId"] ?? ""} ${one["comment"] ?? ""}`;

/** What was done, or undefined when it was refused; any other error is a failure of ours. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

test("X25519: the shared secret, and zero is refused", () => {
  const all = cases("x25519");
  for (const { one } of all) {
    const shared = attempt(() => hex(agree(get(one, "private"), get(one, "public")) as Uint8Array<ArrayBuffer>));
    expect(shared, label(one)).toBe(/^0+$/.test(one["shared"] ?? "") ? undefined : one["shared"]);
  }
  expect(all.length).toBeGreaterThan(500);
});

test("Ed25519: valid and invalid", () => {
  const all = cases("ed25519");
  for (const { group, one } of all) {
    const verified = verifies(get(one, "msg"), get(one, "sig"), unhex(group.publicKey?.pk ?? ""));
    expect(verified, label(one)).toBe(one["result"] === "valid");
  }
  expect(all.length).toBeGreaterThan(140);
});

test("ChaCha20-Poly1305: valid and invalid", () => {
  const all = cases("chacha20_poly1305").filter(({ group }) => group.ivSize === 96);
  for (const { one } of all) {
    const ciphertext = unhex(`${one["ct"] ?? ""}${one["tag"] ?? ""}`);
    const opened = attempt(() => hex(unseal(get(one, "key"), get(one, "iv"), get(one, "aad"), ciphertext)));
    expect(opened, label(one)).toBe(one["result"] === "valid" ? one["msg"] : undefined);
  }
  expect(all.length).toBeGreaterThan(250);
});

test("HKDF-SHA256", () => {
  const all = cases("hkdf_sha256").filter(({ one }) => one["result"] === "valid");
  for (const { one } of all) {
    const okm = hkdf(sha256, get(one, "ikm"), get(one, "salt"), get(one, "info"), Number(one["size"]));
    expect(hex(okm), label(one)).toBe(one["okm"]);
  }
  expect(all.length).toBeGreaterThan(70);
});

test("ML-KEM-768: decapsulation from a seed, encapsulation with a given m", () => {
  const decaps = cases("mlkem_768");
  for (const { one } of decaps) {
    const act = () => {
      const { publicKey, secretKey } = ml_kem768.keygen(get(one, "seed"));
      expect(hex(publicKey)).toBe(one["ek"]);
      return hex(ml_kem768.decapsulate(get(one, "c"), secretKey));
    };
    if (one["result"] === "valid") expect(act(), label(one)).toBe(one["K"]);
    else expect(act, label(one)).toThrow(/./);
  }
  const encaps = cases("mlkem_768_encaps");
  for (const { one } of encaps) {
    const act = () => ml_kem768.encapsulate(get(one, "ek"), get(one, "m"));
    if (one["result"] === "valid") {
      const { cipherText, sharedSecret } = act();
      expect([hex(cipherText), hex(sharedSecret)], label(one)).toEqual([one["c"], one["K"]]);
    } else expect(act, label(one)).toThrow(/./);
  }
  expect([decaps.length > 190, encaps.length > 260]).toEqual([true, true]);
});

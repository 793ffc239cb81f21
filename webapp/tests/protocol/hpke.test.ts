import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { Refused } from "../../src/protocol/errors.ts";
import { openMessage, sealMessage, setUpReceiver, setUpSender } from "../../src/protocol/hpke.ts";
import { note } from "../figures.ts";

// The RFC 9180 vectors of the Python package cryptography_vectors, which the project's environment holds anyway.

type Hex = string;

interface Vector {
  readonly mode: number;
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: Hex;
  readonly skRm: Hex;
  readonly skSm?: Hex;
  readonly pkSm?: Hex;
  readonly skEm: Hex;
  readonly pkRm: Hex;
  readonly psk?: Hex;
  readonly psk_id?: Hex;
  readonly enc: Hex;
  readonly encryptions: readonly { readonly aad: Hex; readonly ct: Hex; readonly pt: Hex }[];
}

const hex = (text: Hex): Bytes => new Uint8Array(Buffer.from(text, "hex"));
const NAMES = ["base", "psk", "auth", "auth psk"];

function vectors(): Vector[] {
  const lib = new URL("../../../.venv/lib/", import.meta.url);
  const python = readdirSync(lib).find((name) => name.startsWith("python3"));
  const file = new URL(`${python ?? "python3"}/site-packages/cryptography_vectors/HPKE/test-vectors.json`, lib);
  const all = JSON.parse(readFileSync(file, "utf8")) as Vector[];
  return all.filter(({ kem_id, kdf_id, aead_id }) => kem_id === 0x20 && kdf_id === 1 && aead_id === 3);
}

function setUp(vector: Vector) {
  const psk = vector.psk && vector.psk_id ? { key: hex(vector.psk), id: hex(vector.psk_id) } : undefined;
  const skS = vector.skSm ? hex(vector.skSm) : undefined;
  const pkS = vector.pkSm ? hex(vector.pkSm) : undefined;
  const info = hex(vector.info);
  const sender = setUpSender({ pkR: hex(vector.pkRm), info, psk, skS, skE: hex(vector.skEm) });
  return { sender, receiver: setUpReceiver({ enc: hex(vector.enc), skR: hex(vector.skRm), info, psk, pkS }) };
}

test("all 1,028 encryptions of RFC 9180 for the suite, sealed and opened, in four modes", () => {
  let count = 0;
  const modes = new Set<number>();
  for (const vector of vectors()) {
    const { sender, receiver } = setUp(vector);
    expect(sender.enc).toEqual(hex(vector.enc));
    modes.add(vector.mode);
    vector.encryptions.forEach(({ aad, ct, pt }, sequence) => {
      expect(sealMessage(sender.context, hex(aad), hex(pt), sequence)).toEqual(hex(ct));
      expect(openMessage(receiver, hex(aad), hex(ct), sequence)).toEqual(hex(pt));
      expect(() => openMessage(receiver, hex(aad), hex(ct), sequence + 1)).toThrow(Refused);
      count++;
    });
  }
  note("RFC 9180 in TypeScript", `${count} encryptions in modes ${[...modes].map((mode) => NAMES[mode]).join(", ")}`);
  expect(modes.size).toBe(4);
  expect(count).toBe(1028);
});

test("a key of small order is refused on both sides", () => {
  const zero = new Uint8Array(32);
  const skR = hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
  expect(() => setUpSender({ pkR: zero, info: zero })).toThrow(Refused);
  expect(() => setUpReceiver({ enc: zero, skR, info: zero })).toThrow(Refused);
  const enc = setUpSender({ pkR: hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"), info: zero }).enc;
  expect(() => setUpReceiver({ enc, skR, info: zero, pkS: zero })).toThrow(Refused);
});

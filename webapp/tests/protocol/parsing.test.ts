import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { undress } from "../../src/protocol/armour.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from "../../src/protocol/encoding.ts";
import { decodeEnvelope, encodeEnvelope } from "../../src/protocol/envelope.ts";
import { Malformed } from "../../src/protocol/errors.ts";
import { decodeLetter } from "../../src/protocol/letter.ts";
import { fields, rec } from "../../src/protocol/record.ts";
import { parseRequestSignature } from "../../src/protocol/request.ts";
import { secretOf, wordsOf } from "../../src/protocol/words.ts";
import { TYPES } from "./vectors/ops.ts";
import { topics } from "./vectors/generate.ts";
import { unhex } from "./vectors/plain.ts";

// Parsing is total: whatever comes, a parser gives a value that encodes to the same bytes, or throws Malformed.

const anyBytes = fc.uint8Array({ maxLength: 400 }) as fc.Arbitrary<Bytes>;

function total(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed);
  }
}

const vectors = topics().flatMap((topic) => topic.cases);

/** Good objects of every type. */
const good = vectors
  .filter(({ op, fails }) => fails === null && op === "parse")
  .map((one) => one.in as { readonly type: string; readonly bytes: string })
  .map(({ type, bytes }) => ({ type, bytes: unhex(bytes) }));

/** A good object with a few bytes overwritten, cut out or put in. */
const nearly = fc
  .record({
    sample: fc.constantFrom(...good),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(9),
    put: fc.uint8Array({ maxLength: 9 }),
  })
  .map(({ sample: { type, bytes }, at, cut, put }) => {
    const start = Math.floor(at * bytes.length);
    const changed = [...bytes.subarray(0, start), ...put, ...bytes.subarray(start + cut)];
    return { type, bytes: new Uint8Array(changed) };
  });

describe("parsers throw nothing but Malformed", () => {
  test.each(Object.entries(TYPES))("%s, any bytes", (_, read) => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        total(() => read(bytes));
      }),
    );
  });

  test.each(Object.entries(TYPES))("%s, any record", (_, read) => {
    const lengths = fc.constantFrom(0, 1, 4, 8, 16, 32, 64);
    const field = lengths.chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 18 }), (all) => {
        total(() => read(rec(...all)));
      }),
    );
  });

  test("every type, nearly good", () => {
    expect(new Set(good.map(({ type }) => type)).size).toBeGreaterThan(3);
    fc.assert(
      fc.property(nearly, ({ type, bytes }) => {
        total(() => TYPES[type]?.(bytes));
      }),
      { numRuns: 600 },
    );
  });

  test("envelopes, letters, armour, words and requests", () => {
    const anyText = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(anyBytes, anyText, (bytes, text) => {
        total(() => decodeEnvelope(bytes));
        for (const candidate of [text, `qasid1.${text}`, `qasid1.${toBase64Url(bytes)}`]) total(() => undress(candidate));
        for (const candidate of [text, `QASID1.${toBase64Url(bytes)}`]) total(() => decodeLetter(candidate));
        total(() => secretOf(text));
        total(() => fromBase64Url(text));
        total(() => fromBase64(text));
        const headers = ["Content-Digest", "Signature-Input", "Signature"].map((name) => [name, text] as const);
        total(() => parseRequestSignature(headers));
      }),
      { numRuns: 150 },
    );
  });

  test("an envelope that says it has 65,535 wraps costs nothing", () => {
    const sample = vectors.find(({ op, fails }) => op === "envelope" && fails === null);
    const bytes = unhex((sample?.in as { bytes: string }).bytes);
    const start = 84 + (512 << (bytes[50] ?? 0)) + 16;
    bytes.set([255, 255], start);
    expect(() => decodeEnvelope(bytes)).toThrow(Malformed);
  });
});

describe("what parses is the only spelling", () => {
  test("records", () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 6 }), (all) => {
        expect(fields(rec(...all))).toEqual(all);
      }),
    );
  });

  test("base64url and base64", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  test("base64url that decodes, encodes to itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("A", "Q", "g", "w", "_", "-", "Z", "9", "+", "=", "/", " "), maxLength: 7 }), (text) => {
        total(() => {
          expect(toBase64Url(fromBase64Url(text))).toBe(text);
        });
      }),
      { numRuns: 2000 },
    );
  });

  test("twelve words", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }) as fc.Arbitrary<Bytes>, (secret) => {
        expect(secretOf(wordsOf(secret))).toEqual(secret);
      }),
    );
  });

  test("envelopes", () => {
    const whole = vectors.filter(({ op, fails }) => op === "envelope" && fails === null);
    expect(whole.length).toBeGreaterThan(1);
    for (const one of whole) {
      const bytes = unhex((one.in as { bytes: string }).bytes);
      expect(encodeEnvelope(decodeEnvelope(bytes))).toEqual(bytes);
    }
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK, Media, attachmentRecord, countOf } from "../../src/protocol/attachment.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { attachmentHash, openChunks, sealChunks } from "../../src/protocol/chunk.ts";
import { Malformed, Refused } from "../../src/protocol/errors.ts";
import * as o from "./office.ts";
import { described, repeated } from "./vectors/attachments.ts";

const size = fc.oneof(fc.integer({ min: 1, max: 5 * CHUNK }), fc.constantFrom(CHUNK, CHUNK + 1, 16 * CHUNK));

test("what is sealed opens, whole, in order and unchanged, or not at all", () => {
  fc.assert(
    fc.property(size, fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), fc.constantFrom(0, 1, 2, 3), (length, seed, at, way) => {
      const data = repeated(seed, length);
      const named = { ...described(length, Media.jpeg), hash: attachmentHash(data) };
      expect(attachmentRecord.decode(attachmentRecord.encode(named))).toEqual(named);
      const chunks = sealChunks(named, o.office, data);
      expect(openChunks(named, o.office, chunks)).toEqual(data);
      const n = at % chunks.length;
      const one = chunks[n] ?? new Uint8Array();
      const flipped = one.map((byte, place) => (place === at % one.length ? byte ^ 1 : byte));
      const put = (...instead: Bytes[]): Bytes[] => [...chunks.slice(0, n), ...instead, ...chunks.slice(n + 1)];
      const before = chunks.length > 1 ? chunks.slice(n - 1)[0] : undefined;
      const wrong = [put(flipped), put(), put(one, one), before ? put(before) : []][way];
      expect(() => openChunks(named, o.office, wrong ?? [])).toThrow(Refused);
    }),
    { numRuns: 40 },
  );
});

test("the number of chunks says little of the size, and is never more than 16", () => {
  const counts = Array.from({ length: 17 }, (_, n) => (n < 16 ? countOf(n * CHUNK + 1) : 0));
  expect([...new Set(counts)]).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 0]);
  for (const bad of [0, 16 * CHUNK + 1]) expect(() => countOf(bad)).toThrow(Malformed);
});

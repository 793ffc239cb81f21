import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { CHUNK, type Attachment } from "./attachment.ts";
import { type Bytes, concat, equal, isZero, uint } from "./bytes.ts";
import { digest, kdf } from "./encoding.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { unseal } from "./hpke.ts";
import { rec } from "./record.ts";

/** Bytes of a chunk at the relay. */
export const SEALED_CHUNK = CHUNK + 16;

type Sealed = Pick<Attachment, "attachment" | "key" | "count">;

/** What an attachment's message names of its plaintext. */
export function attachmentHash(data: Bytes): Bytes {
  return digest("attachment", data);
}

/** Shown to the relay by whoever may fetch or delete it. */
export function attachmentToken({ key, attachment }: Pick<Attachment, "attachment" | "key">): Bytes {
  return kdf(key, attachment, "attachment token");
}

/** What the relay keeps of the token. */
export function tokenHash(token: Bytes): Bytes {
  return digest("attachment token", token);
}

function keyOf({ key, attachment }: Sealed): Bytes {
  return kdf(key, attachment, "attachment");
}

function aadOf({ attachment, count }: Sealed, office: Bytes): Bytes {
  return rec(office, attachment, uint(count, 1));
}

function nonceOf(n: number, last: boolean): Bytes {
  return concat(new Uint8Array(7), uint(n, 4), uint(last ? 1 : 0, 1));
}

/** Chunk `n` (from 0), of at most 16 KiB, padded with zeros. */
export function sealChunk(attachment: Sealed, office: Bytes, { n, last, plain }: { n: number; last: boolean; plain: Bytes }): Bytes {
  malformedUnless(plain.length <= CHUNK, "a chunk holds at most 16,384 bytes");
  const padded = concat(plain, new Uint8Array(CHUNK - plain.length));
  return chacha20poly1305(keyOf(attachment), nonceOf(n, last), aadOf(attachment, office)).encrypt(padded);
}

/** The 16 KiB in chunk `n`, padding included. Malformed in another length, Refused where it does not open. */
export function openChunk(attachment: Sealed, office: Bytes, n: number, sealed: Bytes): Bytes {
  malformedUnless(sealed.length === SEALED_CHUNK, "a chunk is 16,400 bytes");
  return unseal(keyOf(attachment), nonceOf(n, n === attachment.count - 1), aadOf(attachment, office), sealed);
}

/** All chunks, in order. Refused when `data` is not what the attachment names. */
export function sealChunks(attachment: Attachment, office: Bytes, data: Bytes): Bytes[] {
  checkData(attachment, data);
  return Array.from({ length: attachment.count }, (_, n) => {
    const plain = data.slice(n * CHUNK, (n + 1) * CHUNK);
    return sealChunk(attachment, office, { n, last: n === attachment.count - 1, plain });
  });
}

/** What was attached. Malformed or Refused when it is not all there, in order, as its message says. */
export function openChunks(attachment: Attachment, office: Bytes, chunks: readonly Bytes[]): Bytes {
  refuseUnless(chunks.length === attachment.count, "the attachment is not all there");
  const padded = concat(...chunks.map((sealed, n) => openChunk(attachment, office, n, sealed)));
  const data = padded.slice(0, attachment.size);
  refuseUnless(isZero(padded.subarray(attachment.size)), "the padding is not zeros");
  checkData(attachment, data);
  return data;
}

function checkData({ size, hash }: Attachment, data: Bytes): void {
  const same = data.length === size && equal(attachmentHash(data), hash);
  refuseUnless(same, "the attachment is another than its message names");
}

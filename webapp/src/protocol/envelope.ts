import { type Bytes, concat, fromUint, uint } from "./bytes.ts";
import { toBase64Url } from "./encoding.ts";
import { malformedUnless } from "./errors.ts";
import { type Address, type HolderKind, checkAddress } from "./prekey.ts";
import { MAX_TIME } from "./record.ts";

/*
 * header, 84 bytes:  0 version · 1 suite · 2 envelope id · 18 sender · 34 time · 42 expires · 50 bucket · 51 urgency
 *                    · 52 commitment
 * body ciphertext, 512 · 2^bucket + 16 bytes · wrap count u16
 * each wrap:         0 holder_kind · 1 holder · 17 prekey · 33 ML-KEM ciphertext · 1121 enc · 1153 form · 1154 HPKE
 *                    ciphertext, 48 bytes (bare) or 144 (with own part)
 */
export const VERSION = 1;
export const SUITE = 1;
export const HEADER_SIZE = 84;
export const BUCKETS = 8;
export const TAG_SIZE = 16;
export const QUARTER = 900;
const MAX_LIFE = 60 * 86_400;
const BARE_SIZE = 1154 + 48;
const FULL_SIZE = 1154 + 144;

export const Urgency = { routine: 0, urgent: 1 } as const;
export type Urgency = (typeof Urgency)[keyof typeof Urgency];

export interface Header {
  readonly envelope: Bytes;
  readonly sender: Bytes;
  readonly time: number;
  readonly expires: number;
  readonly bucket: number;
  readonly urgency: Urgency;
  readonly commitment: Bytes;
}

export interface Wrap extends Address {
  readonly kemCt: Bytes;
  readonly enc: Bytes;
  /** 48 bytes (form 0, bare) or 144 bytes (form 1, with own part). */
  readonly ciphertext: Bytes;
}

export interface Envelope {
  readonly header: Header;
  readonly body: Bytes;
  readonly wraps: readonly Wrap[];
}

/** Time as coarse as a header tells it: rounded down to 15 minutes. */
export function coarse(time: number): number {
  return time - (time % QUARTER);
}

/** Bytes of padded content in a bucket. */
export function bucketSize(bucket: number): number {
  return 512 * 2 ** bucket;
}

/** The smallest bucket that holds `size` bytes, at most 65,536; Malformed above. */
export function bucketFor(size: number): number {
  let bucket = 0;
  while (bucketSize(bucket) < size) bucket++;
  malformedUnless(bucket < BUCKETS, "the message is too long");
  return bucket;
}

export function encodeHeader(header: Header): Bytes {
  const { envelope, sender, time, expires, bucket, urgency, commitment } = header;
  checkHeader(header);
  return concat(
    Uint8Array.of(VERSION, SUITE),
    envelope,
    sender,
    uint(time, 8),
    uint(expires, 8),
    Uint8Array.of(bucket, urgency),
    commitment,
  );
}

export function decodeHeader(bytes: Bytes): Header {
  malformedUnless(bytes.length === HEADER_SIZE, "the header is cut short");
  malformedUnless(bytes[0] === VERSION && bytes[1] === SUITE, "the envelope is of an unknown version: update the app");
  const header = {
    envelope: bytes.slice(2, 18),
    sender: bytes.slice(18, 34),
    time: fromUint(bytes.subarray(34, 42)),
    expires: fromUint(bytes.subarray(42, 50)),
    bucket: bytes[50] ?? BUCKETS,
    urgency: bytes[51] as Urgency,
    commitment: bytes.slice(52),
  };
  checkHeader(header);
  return header;
}

function checkHeader({ envelope, sender, time, expires, bucket, urgency, commitment }: Header): void {
  malformedUnless(envelope.length + sender.length + commitment.length === 64, "a field has a wrong length");
  malformedUnless(time % QUARTER === 0 && expires % QUARTER === 0, "the times are too fine");
  malformedUnless(expires <= MAX_TIME, "the time is out of range");
  malformedUnless(time < expires && expires <= time + MAX_LIFE, "the envelope's times contradict each other");
  malformedUnless(bucket < BUCKETS, "the bucket is unknown");
  malformedUnless((urgency as number) <= 1, "the urgency is unknown");
}

function encodeWrap({ holderKind, holder, prekey, kemCt, enc, ciphertext }: Wrap): Bytes {
  const form = ciphertext.length === FULL_SIZE - 1154 ? 1 : 0;
  const bytes = concat(uint(holderKind, 1), holder, prekey, kemCt, enc, uint(form, 1), ciphertext);
  malformedUnless(bytes.length === (form === 1 ? FULL_SIZE : BARE_SIZE), "a field has a wrong length");
  return bytes;
}

/** The wrap at the beginning of `bytes`, and how long it is. */
function decodeWrap(bytes: Bytes): { wrap: Wrap; size: number } {
  malformedUnless(bytes.length >= BARE_SIZE, "a wrap is cut short");
  const form = bytes[1153] ?? 0;
  malformedUnless(form <= 1, "the wrap's form is unknown");
  const size = form === 1 ? FULL_SIZE : BARE_SIZE;
  malformedUnless(bytes.length >= size, "a wrap is cut short");
  const holderKind = bytes[0] as HolderKind;
  malformedUnless((holderKind as number) === 1 || (holderKind as number) === 2, "the holder is of an unknown kind");
  const wrap = {
    holderKind,
    holder: bytes.slice(1, 17),
    prekey: bytes.slice(17, 33),
    kemCt: bytes.slice(33, 1121),
    enc: bytes.slice(1121, 1153),
    ciphertext: bytes.slice(1154, size),
  };
  checkAddress(wrap);
  return { wrap, size };
}

function checkWraps(wraps: readonly Wrap[]): void {
  const addresses = new Set(
    wraps.map(({ holderKind, holder, prekey }) => toBase64Url(concat(uint(holderKind, 1), holder, prekey))),
  );
  malformedUnless(addresses.size === wraps.length, "a recipient is named twice");
}

export function encodeEnvelope({ header, body, wraps }: Envelope): Bytes {
  malformedUnless(body.length === bucketSize(header.bucket) + TAG_SIZE, "the body does not fill its bucket");
  malformedUnless(wraps.length >= 1, "an envelope needs a recipient");
  checkWraps(wraps);
  return concat(encodeHeader(header), body, uint(wraps.length, 2), ...wraps.map(encodeWrap));
}

export function decodeEnvelope(bytes: Bytes): Envelope {
  const header = decodeHeader(bytes.slice(0, HEADER_SIZE));
  const end = HEADER_SIZE + bucketSize(header.bucket) + TAG_SIZE;
  malformedUnless(bytes.length >= end + 2, "the envelope is cut short");
  const count = fromUint(bytes.subarray(end, end + 2));
  malformedUnless(count >= 1, "an envelope needs a recipient");
  const wraps: Wrap[] = [];
  let at = end + 2;
  while (wraps.length < count) {
    const { wrap, size } = decodeWrap(bytes.subarray(at, at + FULL_SIZE));
    wraps.push(wrap);
    at += size;
  }
  malformedUnless(at === bytes.length, "there are bytes after the envelope");
  checkWraps(wraps);
  return { header, body: bytes.slice(HEADER_SIZE, end), wraps };
}

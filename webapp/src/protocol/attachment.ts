import type { Bytes } from "./bytes.ts";
import { malformedUnless } from "./errors.ts";
import { hash, id, oneOf, struct, text, u32, u8 } from "./record.ts";

// An attachment as its message names it (PROTOCOL section 6, Attachments). Its chunks are in chunk.ts, loaded when needed.

export const Media = { jpeg: 1, webp: 2, oggOpus: 3, webmOpus: 4 } as const;
export type Media = (typeof Media)[keyof typeof Media];

/** Bytes of padded plaintext in a chunk. */
export const CHUNK = 16_384;
const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16];

/** `hash` is of the plaintext; a voice note tells its seconds, a photograph its width and height in pixels. */
export interface Attachment {
  readonly attachment: Bytes;
  readonly key: Bytes;
  readonly media: Media;
  readonly size: number;
  readonly count: number;
  readonly hash: Bytes;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly caption: string;
}

/** How many chunks hold `size` bytes, padded; Malformed for none at all and above 262,144. */
export function countOf(size: number): number {
  const count = COUNTS.find((chunks) => size <= chunks * CHUNK);
  malformedUnless(count !== undefined && size >= 1, "an attachment has 1 to 262,144 bytes");
  return count;
}

export const attachmentRecord = struct<Attachment>(
  {
    attachment: id,
    key: hash,
    media: oneOf(Media),
    size: u32,
    count: u8,
    hash,
    seconds: u32,
    width: u32,
    height: u32,
    caption: text(1_024),
  },
  ({ media, size, count, seconds, width, height }) => {
    malformedUnless(count === countOf(size), "the attachment has more chunks than it needs, or fewer");
    malformedUnless(seconds <= 600 && width <= 16_384 && height <= 16_384, "the attachment is too long or too large");
    const voice = media >= Media.oggOpus;
    const told = seconds > 0 === voice && width > 0 !== voice && height > 0 !== voice;
    malformedUnless(told, "a voice note tells its seconds, a photograph its width and height");
  },
);

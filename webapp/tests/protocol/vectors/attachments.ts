import { type Attachment, CHUNK, Media, attachmentRecord, countOf } from "../../../src/protocol/attachment.ts";
import { type Bytes, uint } from "../../../src/protocol/bytes.ts";
import { attachmentHash } from "../../../src/protocol/chunk.ts";
import * as o from "../office.ts";
import { type Raw, Topic, edited } from "./topic.ts";

const pattern = o.named("voice note", 5);

/** `size` bytes of the pattern over and over. */
export function repeated(of: Bytes, size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, at) => of[at % of.length] ?? 0);
}

/** An attachment of that many bytes. */
export function described(size: number, media: Media = Media.oggOpus, changes: Partial<Attachment> = {}): Attachment {
  const told = media >= Media.oggOpus ? { seconds: 12, width: 0, height: 0 } : { seconds: 0, width: 800, height: 600 };
  return {
    attachment: o.named("attachment", 16),
    key: o.named("attachment key"),
    media,
    size,
    count: countOf(size),
    hash: attachmentHash(repeated(pattern, size)),
    ...told,
    caption: "",
    ...changes,
  };
}

const { office } = o;
const two = described(CHUNK + 9);
const message = attachmentRecord.encode(two);

function chunk(n: number, changes: Readonly<Record<string, Raw>> = {}): Raw {
  const turn = (n * CHUNK) % pattern.length;
  const rotated = new Uint8Array([...pattern.slice(turn), ...pattern.slice(0, turn)]);
  const size = Math.max(0, Math.min(CHUNK, two.size - n * CHUNK));
  const honest = { attachment: message, office, n, last: n === 1, pattern: rotated, size, tail: "", flip: -1, cut: 0 };
  return { ...honest, ...changes };
}

/** Every way of sealing and opening chunks. */
export function attachments(): Topic {
  const topic = new Topic("attachments");
  for (const size of [2, 2 * CHUNK, 6 * CHUNK + 1]) {
    const attachment = attachmentRecord.encode(described(size, Media.webp));
    topic.add(`seal ${size} bytes`, "seal attachment", { attachment, office, pattern });
  }
  topic.add("seal other bytes", "seal attachment", { attachment: message, office, pattern: o.named("x", 5) }, "refused");
  const good = [chunk(0), chunk(1)];
  const other = edited(message, [0], o.named("other", 16));
  const longer = edited(edited(message, [3], uint(2 * CHUNK + 1, 4)), [4], uint(3, 1));
  topic.family("open", "open attachment", { attachment: message, office, chunks: good }, [
    ["swapped", "refused", { chunks: [chunk(1), chunk(0)] }],
    ["swapped, and sealed so", "refused", { chunks: [chunk(1, { n: 0, last: false }), chunk(0, { n: 1, last: true })] }],
    ["truncated", "refused", { chunks: [chunk(0)] }],
    ["truncated, and called last", "refused", { chunks: [chunk(0, { last: true })] }],
    ["one more", "refused", { chunks: [...good, chunk(2, { last: true })] }],
    ["nothing", "refused", { chunks: [] }],
    ["no last one", "refused", { chunks: [chunk(0), chunk(1, { last: false })] }],
    ["two last ones", "refused", { chunks: [chunk(0, { last: true }), chunk(1)] }],
    ["of another attachment", "refused", { chunks: [chunk(0), chunk(1, { attachment: other })] }],
    ["of another count", "refused", { chunks: [chunk(0), chunk(1, { attachment: longer })] }],
    ["of another office", "refused", { chunks: [chunk(0), chunk(1, { office: o.named("x") })] }],
    ["for another office", "refused", { office: o.named("x") }],
    ["padding", "refused", { chunks: [chunk(0), chunk(1, { tail: "00ff" })] }],
    ["a bit of the tag", "refused", { chunks: [chunk(0), chunk(1, { flip: CHUNK })] }],
    ["a byte short", "malformed", { chunks: [chunk(0, { cut: 1 }), chunk(1)] }],
    ["a message cut", "malformed", { attachment: message.slice(0, -1) }],
  ]);
  return topic;
}

/** Photographs and voice notes: kept on this phone in sealed chunks, handed over and fetched chunk by chunk. */
import { signal } from "@preact/signals";
import { countOf, Media, type Attachment } from "./protocol/attachment.ts";
import type { Bytes } from "./protocol/bytes.ts";
import {
  attachmentHash,
  attachmentToken,
  openChunk,
  openChunks,
  SEALED_CHUNK,
  sealChunks,
  tokenHash,
} from "./protocol/chunk.ts";
import { Kind } from "./protocol/content.ts";
import { newId, random, toBase64Url } from "./protocol/encoding.ts";
import { Malformed } from "./protocol/errors.ts";
import { Answered, Offline } from "./faults.ts";
import { kick } from "./outbox.ts";
import { call, fetchBytes } from "./relay.ts";
import { CHUNKS } from "./retention.ts";
import { keysOf, postErrand, signerOf } from "./self.ts";
import { commit, get, open, opened, whose, type Errand, type Message } from "./state.ts";
import { now } from "./time.ts";
import { compose, LIFE } from "./writing.ts";

/** A photograph or voice note with what its message tells of it. */
export type Medium = Pick<Attachment, "media" | "seconds" | "width" | "height"> & { data: Bytes };
export type Attached = Message & { attachment: Attachment };

export const TYPES: Record<Media, string> = {
  [Media.jpeg]: "image/jpeg",
  [Media.webp]: "image/webp",
  [Media.oggOpus]: "audio/ogg",
  [Media.webmOpus]: "audio/webm",
};
/** Trying again by itself would only cost bytes: the person decides (screens/attached.tsx has words for them). */
export const FINAL = ["attachment_quota", "attachments_too_many", "attachment_differs", "attachment_gone", "no_consent"];

/** How many chunks of a message's attachment are where they should be, while they are on their way. */
export const progress = signal<Record<string, number>>({});
/** Chunks the relay has of an errand, as it said last: not known after a fault, and when the app starts. */
const had = new Map<string, number[]>();

function note(message: string, done: number): void {
  progress.value = { ...progress.value, [message]: done };
}

function nameOf(message: string, n: number): string {
  return `${CHUNKS}${message}/${n}`;
}

function namesOf({ id, attachment }: Attached): string[] {
  return Array.from({ length: attachment.count }, (_, n) => nameOf(id, n));
}

function pathOf({ attachment }: Attachment): string {
  return `attachments/${toBase64Url(attachment)}`;
}

/** What tells the relay that it may forget the chunks. */
function takenErrand(attachment: Attachment): Errand {
  return postErrand(`${pathOf(attachment)}/taken`, { token: toBase64Url(attachmentToken(attachment)) });
}

/** Seals and keeps it, and hands it over when the network allows. Rejects when there is no room on this phone. */
export async function attach({ data, ...told }: Medium, caption: string): Promise<void> {
  const attachment: Attachment = {
    ...told,
    attachment: newId(),
    key: random(32),
    size: data.length,
    count: countOf(data.length),
    hash: attachmentHash(data),
    caption,
  };
  const id = toBase64Url(newId());
  const chunks = sealChunks(attachment, keysOf(get("self")).record.office, data);
  await opened().save(Object.fromEntries(chunks.map((chunk, n) => [nameOf(id, n), chunk])));
  const message: Message = {
    id,
    mine: true,
    at: now(),
    text: caption,
    status: 0,
    from: "",
    gap: false,
    hash: "",
    envelope: "",
    state: "waiting",
    attachment,
  };
  const errand: Errand = { kind: "attachment", id: toBase64Url(newId()), ref: id, expires: now() + LIFE };
  await commit({ messages: [...get("messages"), message], queue: [...get("queue"), errand] });
  kick();
}

function messageOf(id: string): Attached | undefined {
  return get("messages").find((message): message is Attached => message.id === id && message.attachment !== undefined);
}

export function errandOf(message: Message): Errand | undefined {
  return get("queue").find(({ kind, ref }) => kind === "attachment" && ref === message.id);
}

/**
 * Hands the next chunk over; once the relay has all, the message takes its place in the queue. Throws as `call` does,
 * and Malformed for what cannot be handed over.
 */
export async function handOn(errand: Extract<Errand, { kind: "attachment" }>): Promise<void> {
  const message = messageOf(errand.ref);
  if (!message) throw new Malformed("its message is gone");
  try {
    const have = await further(errand, message);
    // Given up meanwhile.
    if (!errandOf(message)) return;
    had.set(errand.id, have);
    note(message.id, have.length);
    if (have.length === message.attachment.count) await follow(errand, message);
  } catch (error) {
    had.delete(errand.id);
    if (!(error instanceof Answered) || !FINAL.includes(error.code)) throw error;
    await commit({
      queue: get("queue").filter(({ id }) => id !== errand.id),
      messages: get("messages").map((each) =>
        each.id === message.id ? { ...each, state: "failed", code: error.code } : each,
      ),
    });
  }
}

/** Which chunks the relay has, after one more, or after it was asked. */
async function further(errand: Extract<Errand, { kind: "attachment" }>, { id, attachment }: Attached): Promise<number[]> {
  const signer = signerOf(get("self"));
  const known = had.get(errand.id);
  if (!known) {
    const have = haveOf(await call("GET", pathOf(attachment), signer));
    // Its time is told with the first chunk, and the same with each.
    if (have.length === 0) {
      const fresh = { ...errand, expires: now() + LIFE };
      await commit({ queue: get("queue").map((other) => (other.id === errand.id ? fresh : other)) });
    }
    return have;
  }
  const n = Array.from({ length: attachment.count }, (_, at) => at).find((at) => !known.includes(at));
  if (n === undefined) return known;
  const chunk = (await opened().load(nameOf(id, n))) as Bytes | undefined;
  if (!chunk) throw new Malformed("a chunk is gone");
  const query = new URLSearchParams({
    count: String(attachment.count),
    expires: String(errand.expires),
    token_hash: toBase64Url(tokenHash(attachmentToken(attachment))),
  });
  return haveOf(await call("PUT", `${pathOf(attachment)}/${n}?${query}`, signer, chunk));
}

function haveOf(answer: unknown): number[] {
  const { have } = (answer ?? {}) as { have?: unknown };
  // Not the relay's answer.
  if (!Array.isArray(have)) throw new Offline();
  return have as number[];
}

/** The message after its chunks, with its place in the chain of what this phone sends. */
async function follow(errand: Errand, { id, attachment }: Attached): Promise<void> {
  const parts = compose({ kind: Kind.attachment, ...attachment }, undefined, id);
  const link = parts.ledger.sent[toBase64Url(keysOf(get("self")).record.owner)];
  const hash = link ? toBase64Url(link.hash) : "";
  await commit({
    ...parts,
    queue: parts.queue.filter((other) => other.id !== errand.id),
    messages: get("messages").map((each) => (each.id === id ? { ...each, hash } : each)),
  });
  had.delete(errand.id);
}

/** Gives up what is not handed over, here and at the relay. */
export async function giveUp(message: Attached): Promise<void> {
  const errand = errandOf(message);
  await commit(
    {
      messages: get("messages").filter(({ id }) => id !== message.id),
      queue: [...get("queue").filter(({ id }) => id !== errand?.id), takenErrand(message.attachment)],
    },
    namesOf(message),
  );
  kick();
}

/** Sends what failed once more, as a new one. */
export async function again(message: Attached): Promise<void> {
  const { attachment, text } = message;
  const data = new Uint8Array(await (await bring(message)).arrayBuffer());
  await attach({ ...attachment, data }, text);
  await giveUp(message);
}

/**
 * The photograph or voice note itself, checked. What is not on this phone yet is fetched, from where it broke, and kept.
 * Throws Offline and Answered; Malformed or Refused when it is not what its message names.
 */
export async function bring(message: Attached): Promise<Blob> {
  const { attachment, id } = message;
  const self = get("self");
  const { office } = keysOf(self).record;
  const holder = whose();
  const token = toBase64Url(attachmentToken(attachment));
  const chunks: Bytes[] = [];
  for (const [n, name] of namesOf(message).entries()) {
    let chunk = (await opened().load(name)) as Bytes | undefined;
    if (!chunk) {
      chunk = await fetchBytes("POST", `${pathOf(attachment)}/fetch`, signerOf(self), JSON.stringify({ n, token }));
      // Somebody else's page in between, or the app was locked.
      if (chunk.length !== SEALED_CHUNK || whose() !== holder) throw new Offline();
      openChunk(attachment, office, n, chunk);
      await opened().save({ [name]: chunk });
    }
    chunks.push(chunk);
    note(id, chunks.length);
  }
  const data = openChunks(attachment, office, chunks);
  if (open.value && !message.mine && !messageOf(id)?.taken) {
    await commit({
      messages: get("messages").map((each) => (each.id === id ? { ...each, taken: true } : each)),
      queue: [...get("queue"), takenErrand(attachment)],
    });
    kick();
  }
  return new Blob([data], { type: TYPES[attachment.media] });
}

/** What is written to the office: composed and kept on disk first, sealed when it is handed over. */
import type { Bytes } from "./protocol/bytes.ts";
import { contentHash, innerRecord, type Inner, type Payload } from "./protocol/content.ts";
import { fromBase64Url, newId, random, toBase64Url } from "./protocol/encoding.ts";
import { Refused } from "./protocol/errors.ts";
import { currentEpoch } from "./protocol/roster.ts";
import { seal } from "./protocol/sealing.ts";
import { followed } from "./office.ts";
import { keysOf } from "./self.ts";
import { commit, get, type Errand, type Message, type Parts } from "./state.ts";
import { now } from "./time.ts";

/** How long the relay keeps a message for the office. */
export const LIFE = 30 * 86_400;
/** The relay takes a header at most an hour old; what waited longer is sealed anew. */
const FRESH = 45 * 60;

/**
 * The parts to commit so that this payload goes to the office: counter, errand and, if it is to be seen in the
 * thread, the message; `id` is the envelope's. `roster` must have been followed.
 */
export function compose(
  payload: Payload,
  shown?: Pick<Message, "text" | "status" | "fields">,
  id = toBase64Url(newId()),
): Pick<Parts, "ledger" | "queue"> & Partial<Parts> {
  const [self, office, ledger] = [get("self"), get("office"), get("ledger")];
  const { record } = keysOf(self);
  const thread = record.owner;
  const name = toBase64Url(thread);
  const last = ledger.sent[name];
  const inner: Inner = {
    nonce: random(32),
    sender: record.device,
    recipient: record.office,
    thread,
    counter: (last?.counter ?? 0) + 1,
    prev: last?.hash ?? new Uint8Array(32),
    sentAt: now(),
    rosterVersion: office.pin.version,
    rosterHash: office.pin.hash,
    payload,
  };
  const body = innerRecord.encode(inner);
  const hash = contentHash({ body });
  const link = { counter: inner.counter, hash };
  const parts: ReturnType<typeof compose> = {
    ledger: { ...ledger, sent: { ...ledger.sent, [name]: link } },
    queue: [...get("queue"), { kind: "message", id, ref: id, inner: body }],
  };
  if (shown) {
    const message: Message = {
      ...shown,
      id,
      mine: true,
      at: inner.sentAt,
      from: "",
      gap: false,
      hash: toBase64Url(hash),
      envelope: "",
      state: "waiting",
    };
    parts.messages = [...get("messages"), message];
  }
  return parts;
}

/** The envelope of a message that waits, sealed anew when its seal is too old. Throws Refused without a roster that stands. */
export async function sealed(errand: Extract<Errand, { kind: "message" }>): Promise<Bytes> {
  const at = now();
  if (errand.sealed && Math.abs(at - errand.sealed.at) < FRESH) return errand.sealed.envelope;
  const office = followed(get("office"));
  if (!office) throw new Refused("the office's roster is not here yet");
  const prekey = currentEpoch(office.roster, at);
  const expires = Math.min(at + LIFE, prekey.deleteAt);
  const envelope = seal({
    inner: innerRecord.decode(errand.inner),
    sender: keysOf(get("self")),
    recipients: [{ prekey }],
    now: at,
    expires: expires - (expires % 900),
    // Sealed anew under its old id, so that the relay knows it again if only the answer was lost.
    draw: (size) => (size === 16 ? fromBase64Url(errand.id, size) : random(size)),
  });
  const kept: Errand = { ...errand, sealed: { envelope, at } };
  await commit({ queue: get("queue").map((other) => (other.id === errand.id ? kept : other)) });
  return envelope;
}

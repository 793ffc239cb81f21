/** Between this page and the bot, by its person's hand: armour goes out, armour comes in (PROTOCOL section 9). */
import { signal } from "@preact/signals";
import { ArmourKind, dress, rosterWires, signedAcknowledge, signedFollow, signedUpload, undress } from "../protocol/armour.ts";
import { type Bytes, compare, equal } from "../protocol/bytes.ts";
import { fromBase64Url, newId, toBase64Url } from "../protocol/encoding.ts";
import { decodeEnvelope } from "../protocol/envelope.ts";
import { Malformed } from "../protocol/errors.ts";
import { prekeyPair } from "../protocol/keys.ts";
import { sameAddress } from "../protocol/prekey.ts";
import { entryOf, signedRoster } from "../protocol/roster.ts";
import { Stopped } from "../faults.ts";
import { take } from "../mail.ts";
import { followed, step } from "../office.ts";
import { daysKept } from "../retention.ts";
import { keysOf, prekeysOf } from "../self.ts";
import { commit, get, type Errand, type Parts } from "../state.ts";
import { certain, now } from "../time.ts";
import { sealed } from "../writing.ts";

/** Characters of one message in Telegram; what is longer goes as a document. */
export const LONGEST = 4096;
const PREFIX = "qasid1.";
/** Lines into which something on the way may have broken one armour. */
const MOST_LINES = 200;
const MOST_ACKNOWLEDGED = 100;
const DAY = 86_400;

export type Letter = Extract<Errand, { kind: "message" }>;

/** What became of a piece that was put in; each has a sentence of its own. */
export type Fate =
  | "taken"
  | "known"
  | "listed"
  | "refused"
  | "behind"
  | "other"
  | "gone"
  | "old"
  | "own"
  | "damaged"
  | "none";

/** Ids of letters that are here, for the bot to let go of; what is forgotten comes once more and is known then. */
export const here = signal<ReadonlySet<string>>(new Set());
/** True while a letter waits for a newer list of officers: that is asked for first. */
const behind = signal(false);

/** What is written and waits to be given to the bot, or for the office's word that it was opened. */
export function letters(): Letter[] {
  return get("queue").filter((errand): errand is Letter => errand.kind === "message");
}

/** A letter for the bot. Throws Refused when the office's list has run out, so that nothing can be sealed to it. */
export async function upload(letter: Letter): Promise<string> {
  const { record, signSeed } = keysOf(get("self"));
  const envelope = await sealed(letter);
  return dress(ArmourKind.upload, signedUpload.sign({ device: record.device, at: now(), envelope }, signSeed));
}

/** Remembers that somebody took it to the bot. */
export async function gave({ id }: Letter): Promise<void> {
  await commit({ queue: get("queue").map((other) => (other.id === id ? { ...other, given: now() } : other)) });
}

/** What asks the bot for letters: it lets go of those that are here, or asks for newer lists of officers, too. */
export function request(): string {
  const { record, signSeed } = keysOf(get("self"));
  const asking = { device: record.device, at: now(), nonce: newId() };
  const kept = [...here.value].slice(0, MOST_ACKNOWLEDGED).map((id) => fromBase64Url(id, 16));
  return kept.length > 0 && !behind.value
    ? dress(ArmourKind.acknowledge, signedAcknowledge.sign({ ...asking, kept: kept.sort(compare) }, signSeed))
    : dress(ArmourKind.follow, signedFollow.sign({ ...asking, version: get("office").pin.version }, signSeed));
}

/** Takes in whatever a text holds, lists of officers first: letters may need them. */
export async function takeIn(text: string): Promise<Fate[]> {
  const pieces = text.split(PREFIX).slice(1).map(whole);
  if (pieces.length === 0) return ["none"];
  const lists = pieces.filter((piece) => piece?.kind === ArmourKind.rosters);
  const fates: Fate[] = [];
  for (const piece of [...lists, ...pieces.filter((other) => !lists.includes(other))]) fates.push(await fateOf(piece));
  behind.value = fates.includes("behind");
  await tidy();
  return fates;
}

/** What begins here, without what somebody wrote behind it; null when it is damaged, cut or of a kind unknown here. */
function whole(rest: string): ReturnType<typeof undress> | null {
  const lines = rest.trim().split(/\s+/).slice(0, MOST_LINES);
  for (let count = 1; count <= lines.length; count += 1) {
    try {
      return undress(PREFIX + lines.slice(0, count).join(""));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return null;
}

async function fateOf(piece: ReturnType<typeof undress> | null): Promise<Fate> {
  switch (piece?.kind) {
    case undefined:
      return "damaged";
    case ArmourKind.envelope:
      return open(piece.payload);
    case ArmourKind.rosters:
      return follow(rosterWires.decode(piece.payload));
    case ArmourKind.upload:
    case ArmourKind.fetch:
    case ArmourKind.acknowledge:
    case ArmourKind.follow:
      return "own";
  }
}

/** By the same way as what the relay hands out, once it is plain that the letter is for this page. */
async function open(data: Bytes): Promise<Fate> {
  const { header, wraps } = decodeEnvelope(data);
  const id = toBase64Url(header.envelope);
  if (get("ledger").seen[id] !== undefined) {
    here.value = new Set([...here.value, id]);
    return "known";
  }
  const self = get("self");
  const { device } = keysOf(self).record;
  if (!wraps.some(({ holder }) => equal(holder, device))) return "other";
  if (now() >= header.expires) return "old";
  if (!prekeysOf(self).some(({ prekey }) => wraps.some((wrap) => sameAddress(wrap, prekey)))) return "gone";
  const office = followed(get("office"));
  // Somebody who came to the office since stands in a newer list.
  if (!office || !entryOf(office.roster, header.sender)) return "behind";
  const { rejected } = get("ledger");
  if ((await take(data)) === null) return "behind";
  here.value = new Set([...here.value, id]);
  return get("ledger").rejected > rejected ? "refused" : "taken";
}

/** Follows what is new of it. A list that does not fit changes nothing: whoever gave it is not the relay. */
async function follow(wires: readonly Bytes[]): Promise<Fate> {
  let office = get("office");
  try {
    for (const wire of wires) {
      const { version } = signedRoster.decode(wire).value;
      if (version < office.pin.version) continue;
      const next = step(office, wire);
      if (version > office.pin.version) office = next;
    }
  } catch (error) {
    if (error instanceof Stopped) return "refused";
    throw error;
  }
  if (office === get("office")) return "known";
  await commit({ office });
  return "listed";
}

/**
 * Takes off what needs no carrying any more: what the office has opened, and what was given to the bot so long ago that
 * own messages are erased by now. Destroys prekeys whose time is over.
 */
export async function tidy(): Promise<void> {
  const parts: Partial<Parts> = {};
  const at = certain();
  const messages = get("messages");
  const opened = new Set(messages.filter(({ state }) => state === "opened").map(({ id }) => id));
  const over = ({ given }: Errand): boolean => given !== undefined && at >= given + daysKept() * DAY;
  const queue = get("queue");
  const stays = queue.filter((errand) => !opened.has(errand.ref) && !over(errand));
  if (stays.length < queue.length) {
    const gone = new Set(queue.filter(over).map(({ ref }) => ref));
    parts.queue = stays;
    parts.messages = messages.map((each) => (gone.has(each.id) && each.state === "waiting" ? { ...each, state: "handed" } : each));
  }
  const self = get("self");
  const pairs = prekeysOf(self);
  const kept = pairs.filter(({ prekey }) => at < prekey.deleteAt);
  if (kept.length < pairs.length) parts.self = { ...self, prekeys: kept.map(prekeyPair.encode) };
  if (Object.keys(parts).length > 0) await commit(parts);
}

/** Unix seconds until which the office can write to this page. */
export function reachableUntil(): number {
  return Math.max(0, ...prekeysOf(get("self")).map(({ prekey }) => prekey.sealUntil));
}

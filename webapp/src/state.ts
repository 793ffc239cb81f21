/** What the app knows while it is open: one signal for each part that safe.ts keeps. */
import { signal, type Signal } from "@preact/signals";
import type { Attachment } from "./protocol/attachment.ts";
import type { Entry, Pin } from "./protocol/roster.ts";
import type { Bytes } from "./protocol/bytes.ts";
import type { Warnings } from "./protocol/warning.ts";
import type { DeviceKeys } from "./protocol/keys.ts";
import type { Safe } from "./safe.ts";

/** This phone as the office knows it. */
export interface Self {
  /** `deviceKeys` and each `prekeyPair` encoded; prekeys ascend by sequence. */
  keys: Bytes;
  prekeys: Bytes[];
  state: "enrolling" | "pending" | "frozen" | "refused" | "enrolled";
  /** Until the office's card is here. */
  secret?: Bytes | undefined;
  card?: Bytes | undefined;
  bot: string;
  /** True while the relay says that it does not know this phone: nothing reaches it then. */
  dropped?: boolean | undefined;
  /** Of somebody who came without a letter, until the first card is here. */
  unverified?: Unverified | undefined;
  /** True from that card on, until the other permissions were asked for. */
  asking?: boolean | undefined;
  /** Further devices of this person's that were made here. */
  seconds?: SecondDevice[] | undefined;
}

/** A further device of this person's. `keys`, `prekey`: until they are in its file. */
export interface SecondDevice {
  device: string;
  /** Its signed wipe, by which it can be taken off from here. */
  farewell: string;
  /** Unix seconds at which it was made. */
  at: number;
  state: "asking" | "waiting" | "ready" | "given" | "refused";
  /** What asks for it, until the relay has it. */
  request?: string | undefined;
  keys?: Bytes | undefined;
  prekey?: Bytes | undefined;
}

/** Neither this phone nor the office is known to the other but by the relay's word. */
export interface Unverified {
  /** What the office calls itself for people without a letter. */
  code: string;
  /** Whether the number was the office's too, by the owner's word alone. If not, nothing goes on, ever. */
  same?: boolean | undefined;
  /** The relay says that two officers vouch for this phone. */
  vouched?: boolean | undefined;
  /** Why the office said no. */
  reason?: string | undefined;
  /** Unix seconds at which the relay deletes it all. */
  until?: number | undefined;
}

export type StopReason = "rollback" | "fork" | "root" | "card";

export interface Office {
  pin: Pin;
  /** The followed roster as signed; absent until the letter's roster was fetched. */
  wire?: Bytes | undefined;
  /** Entries of officers who left, by which their older cards are judged. */
  former: Entry[];
  /** Newest time signed by the office that this phone has seen: no clock here runs before it. */
  floor: number;
  stop?: StopReason | undefined;
}

export interface Link {
  counter: number;
  hash: Bytes;
}

/** Counters and ids, by which repeats and gaps are seen. Ids are base64url. */
export interface Ledger {
  /** Own last message per thread. */
  sent: Record<string, Link>;
  /** Last message per "sender/thread". */
  heard: Record<string, Link>;
  /** Counters before that last one which never came, or not yet. */
  missing?: Record<string, number[]>;
  /** Envelope id -> when it may be forgotten. */
  seen: Record<string, number>;
  /** Counters of signed statements: "answer", "consent <permission>", "assent <number>". */
  statements: Record<string, number>;
  /** Goes that came before their notice, and cancels that hold, for what they call off may come later. */
  early: Decision[];
  /** Threat alerts that came; what they void may come later, so they stay when the alerts themselves go. */
  warnings?: Warnings;
  /** Envelopes that failed a check, waiting to be told about. */
  rejected: number;
}

/** A signed go or cancel of a notice, and since when it is here. */
export interface Decision {
  notice: string;
  kind: "go" | "cancel";
  wire: Bytes;
  since: number;
}

export interface Message {
  id: string;
  mine: boolean;
  at: number;
  /** When it was read: from then on its days on this phone are counted (own ones: from `at`). */
  since?: number;
  text: string;
  status: number;
  /** Role code of the officer who signed. */
  from: string;
  gap: boolean;
  /** Where the office asks whether it may pass something on. */
  ask?: Ask | undefined;
  /** Of a case file: code -> when the field was told, 0 where it was taken back. What it said is not kept. */
  fields?: Record<string, number> | undefined;
  /** A photograph or voice note; its chunks are kept beside the parts (attachments.ts). `text` is its caption. */
  attachment?: Attachment | undefined;
  /** True when all that was fetched of it is here, and the relay is told. */
  taken?: boolean;
  /** The relay's word for why it did not take it. */
  code?: string;
  /** Content hash, by which receipts find it; empty until its chunks are handed over. */
  hash: string;
  envelope: string;
  state: "waiting" | "handed" | "fetched" | "opened" | "failed" | "new" | "read";
}

export interface NoticeVersion {
  /** The notice encoded. */
  notice: Bytes;
  envelope: string;
  /** Hash of the message it came in, for the receipt; and of the notice, for the answer. */
  messageHash: string;
  contentHash: string;
  codes: string[];
  own: { alias: string; offer: Bytes; party: number; answerBy: number } | null;
  at: number;
  /** When the first of its approvals was given, and when it came to this phone. */
  approvedAt?: number | undefined;
  came?: number;
  read: boolean;
  /** When it was last read as something new. */
  since?: number;
  go?: Bytes | undefined;
  goAt?: number | undefined;
  cancelled: boolean;
  /** The last answer given here; `code` is the relay's word for why it did not take it. */
  answer?: { answer: number; state: "waiting" | "handed" | "failed"; code?: string } | undefined;
}

/** All versions of one notice that came, by version number. */
export interface NoticeFile {
  id: string;
  versions: Record<string, NoticeVersion>;
}

/** Groups of the case file that may be passed on to another office: its id in base64url, its name as ours wrote it. */
export interface Ask {
  office: string;
  name: string;
  groups: string[];
}

/** Another office, with all groups ours ever asked about; `open` are those that nothing was decided about yet. */
export interface Other extends Ask {
  open: string[];
}

/** What this person told about themselves, and who else was to have it. */
export interface About {
  others: Other[];
  /** Code of a field -> when it was told, 0 where it was taken back; only what the relay took. */
  told: Record<string, number>;
}

export interface Settings {
  consents: Record<Purpose, boolean> & Times<boolean>;
  /** When each permission was given last: it ends a year later. */
  agreedAt?: Times<number> | undefined;
  /** The same of what the relay took last; 0 for a withdrawal. What it refuses leaves this standing. */
  takenAt?: Times<number> | undefined;
  paused: boolean;
  /** How long messages stay, where the person chose it (retention.ts). */
  days?: number | undefined;
  /** Every word about a permission that the relay took, the oldest first. */
  said?: Said[] | undefined;
  /** When a permission was last withdrawn: what was sent until then, nobody could call off or change any more. */
  withdrawnAt?: number | undefined;
}

/** A permission given or taken back, signed at that time. */
export interface Said {
  permission: Permission;
  given: boolean;
  at: number;
}

export type Purpose = "messages" | "departures";
/**
 * What somebody permits: a purpose of their own office, that a relative may be told when they were last heard of, or
 * that their office passes a group of fields on to another one.
 */
export type Permission = Purpose | "sponsor" | `sharing ${string} ${string}`;
type Times<T> = Partial<Record<Permission, T>>;

/**
 * Something to hand to the relay, in order. A sealed message is sealed when its turn comes. `given`: on the offline page,
 * when its person took it to the bot.
 */
export type Errand = { id: string; ref: string; given?: number } & (
  | { kind: "message"; inner: Bytes; sealed?: { envelope: Bytes; at: number } | undefined }
  | { kind: "post"; path: string; body: string }
  /** The chunks of the message `ref`, which follows them; the relay keeps them until `expires`. */
  | { kind: "attachment"; expires: number }
);

export interface Parts {
  self: Self;
  office: Office;
  ledger: Ledger;
  messages: Message[];
  notices: NoticeFile[];
  settings: Settings;
  about: About;
  queue: Errand[];
}

/** Someone who has read a letter, or chosen an office without one, and has not yet set a PIN: in memory alone. */
export interface Newcomer {
  /** The letter's; or nothing was there to vouch. */
  secret?: Bytes;
  unverified?: Unverified;
  office: Office;
  keys: DeviceKeys;
  bot: string;
}

export const newcomer = signal<Newcomer | null>(null);
/** What the PIN of a further person has to end in; null unless one is arriving on a phone that others use. */
export const another = signal<string | null>(null);

export const emptyLedger: Ledger = { sent: {}, heard: {}, seen: {}, statements: {}, early: [], rejected: 0 };
export const emptyAbout: About = { others: [], told: {} };

const signals: { [K in keyof Parts]: Signal<Parts[K] | null> } = {
  self: signal(null),
  office: signal(null),
  ledger: signal(null),
  messages: signal(null),
  notices: signal(null),
  settings: signal(null),
  about: signal(null),
  queue: signal(null),
};

let safe: Safe | null = null;
/** True when the safe stands open and everything is loaded. */
export const open = signal(false);
/** Set when the app cannot go on; `full`: because nothing can be read from the disk, or written to it. */
export const broken = signal<"broken" | "full" | null>(null);

/** The id of the safe that stands open, or null. */
export function whose(): string | null {
  return open.value && safe ? safe.id : null;
}

/** The safe that stands open, for what is kept beside the parts and in no signal. Throws when there is none. */
export function opened(): Safe {
  if (!safe) throw new Error("the safe is closed");
  return safe;
}

/** The part's value; throws when the safe is closed, which no screen behind the lock can meet. */
export function get<K extends keyof Parts>(name: K): Parts[K] {
  const value = signals[name].value;
  if (value === null) throw new Error(`${name} is locked`);
  return value;
}

/** Takes over the new values at once, keeps them and erases what is gone, all or none; resolves when it is on disk. */
export async function commit(parts: Partial<Parts>, gone: string[] = []): Promise<void> {
  const kept = opened();
  for (const [name, value] of Object.entries(parts)) (signals[name as keyof Parts] as Signal<unknown>).value = value;
  try {
    await kept.save(parts, gone);
  } catch (error) {
    broken.value = "full";
    throw error;
  }
}

/** Opens what the safe keeps. With `initial` it begins anew. Throws when what is kept does not open. */
export async function unseal(own: Safe, initial?: Parts): Promise<void> {
  safe = own;
  if (initial) await commit(initial);
  else {
    for (const [name, part] of Object.entries(signals)) {
      // A phone that was set up before there was a case file has none of it.
      const value = (await own.load(name)) ?? (name === "about" ? emptyAbout : undefined);
      if (value === undefined) throw new Error(`${name} is missing`);
      (part as Signal<unknown>).value = value;
    }
  }
  open.value = true;
}

/** Forgets everything in memory. */
export function seal(): void {
  open.value = false;
  safe?.close();
  safe = null;
  for (const part of Object.values(signals)) (part as Signal<unknown>).value = null;
}


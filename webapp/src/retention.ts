/** How long what came stays on this phone. Nothing is erased unread, and nothing because one clock alone says so. */
import { newest } from "./notices.ts";
import { commit, get, opened, type Message, type NoticeFile, type Parts } from "./state.ts";
import { certain } from "./time.ts";

const DAYS = 7;
const DAY = 86_400;
const KEEP_NOTICES = 28 * DAY;
/** No envelope lives longer than 60 days: what a cancel calls off comes before this, or never. */
const KEEP_DECISIONS = 90 * DAY;

/** Messages stay for so many days after they were first read, own ones after they were written. */
export function daysKept(): number {
  return get("settings").days ?? DAYS;
}

function messageStays({ state, at: written, since = written }: Message, at: number): boolean {
  return state === "waiting" || state === "new" || at < since + daysKept() * DAY;
}

function noticeStays(file: NoticeFile, at: number): boolean {
  const held = file.versions[newest(file)];
  return !held?.read || at < (held.since ?? held.at) + KEEP_NOTICES;
}

/** Where the chunks of a photograph or voice note are kept, by their message. */
export const CHUNKS = "attachment/";

function isLoose(name: string, messages: Message[]): boolean {
  return name.startsWith(CHUNKS) && !messages.some(({ id }) => name.startsWith(CHUNKS + id));
}

/** Erases what has had its time. */
export async function forget(): Promise<void> {
  const kept = await opened().names();
  const at = certain();
  const parts: Partial<Parts> = {};
  const messages = get("messages").filter((message) => messageStays(message, at));
  if (messages.length < get("messages").length) parts.messages = messages;
  const notices = get("notices").filter((file) => noticeStays(file, at));
  if (notices.length < get("notices").length) parts.notices = notices;
  const ledger = get("ledger");
  const seen = Object.entries(ledger.seen).filter(([, until]) => at < until);
  const early = ledger.early.filter(({ since }) => at < since + KEEP_DECISIONS);
  if (seen.length < Object.keys(ledger.seen).length || early.length < ledger.early.length) {
    parts.ledger = { ...ledger, seen: Object.fromEntries(seen), early };
  }
  const loose = kept.filter((name) => isLoose(name, messages));
  if (Object.keys(parts).length + loose.length > 0) await commit(parts, loose);
}

/** Fetches mail, opens and checks it, files it, and tells the relay that it may be destroyed. */
import type { Bytes } from "./protocol/bytes.ts";
import { Kind } from "./protocol/content.ts";
import { checkApprovals, signedCancel, signedGo } from "./protocol/decision.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { decodeEnvelope } from "./protocol/envelope.ts";
import { Behind, Refused } from "./protocol/errors.ts";
import { readFromOffice, type Message as Read } from "./protocol/message.ts";
import { noticeHash, noticeRecord } from "./protocol/notice.ts";
import { entryOf, type Roster } from "./protocol/roster.ts";
import { approvedBetween, warn } from "./protocol/warning.ts";
import { placed } from "./chain.ts";
import { agrees, readHead } from "./head.ts";
import { catchUp, followed } from "./office.ts";
import { addVersion, callOff, catchUpOn, confirm, isUntrue } from "./notices.ts";
import { plain } from "./plain.ts";
import { call } from "./relay.ts";
import { keysOf, prekeysOf, signerOf } from "./self.ts";
import { asked, askOf } from "./sharing.ts";
import { commit, get, type Decision, type Ledger, type Message, type NoticeVersion, type Parts } from "./state.ts";
import { beginning, heardFromOffice, now } from "./time.ts";

const PAGE = 20;
/** The relay answers for no more at once. */
const MOST_ASKED = 5;

interface Item {
  seq: number;
  envelope: string;
}

function pageOf(answer: unknown): { items: Item[]; more: boolean } {
  const page = answer as { items?: unknown; more?: unknown } | null;
  return { items: Array.isArray(page?.items) ? (page.items as Item[]) : [], more: page?.more === true };
}

/**
 * One round: the relay's head is followed first, and nothing is opened before. Always from the beginning, because a
 * notice sealed long ago may be released only now. Throws Stopped, Offline or Answered.
 */
export async function fetchMail(): Promise<void> {
  const signer = signerOf(get("self"));
  let after = 0;
  for (;;) {
    const answer = await call("GET", `mail?after=${after}&limit=${PAGE}${asking()}`, signer);
    await heed(answer);
    if (!agrees(get("office"), readHead(answer))) await follow();
    const { items, more } = pageOf(answer);
    const done: string[] = [];
    for (const item of items) {
      const id = await take(fromBase64Url(item.envelope));
      if (id !== null) done.push(id);
      after = Math.max(after, item.seq);
    }
    if (done.length > 0) await call("POST", "mail/ack", signer, JSON.stringify({ ids: done }));
    if (!more || items.length === 0) return;
  }
}

/** Which of the newest letters that went out a desk has, is asked along with what came. */
function asking(): string {
  const handed = get("messages").filter(({ state }) => state === "handed");
  return handed.slice(-MOST_ASKED).map(({ id }) => `&sent=${id}`).join("");
}

/** The relay's word, as that it was handed over; that it was opened, the office signs. */
async function heed(answer: unknown): Promise<void> {
  const { fetched } = answer as { fetched?: string[] };
  if (!fetched?.length) return;
  await commit({
    messages: get("messages").map((message) =>
      message.state === "handed" && fetched.includes(message.id) ? { ...message, state: "fetched" } : message,
    ),
  });
}

export async function follow(): Promise<void> {
  await commit({ office: await catchUp(get("office")) });
}

/** Files one envelope. Returns its id when the relay may destroy its copy; null when it has to wait. */
export async function take(data: Bytes): Promise<string | null> {
  let envelope: string;
  try {
    envelope = toBase64Url(decodeEnvelope(data).header.envelope);
  } catch {
    return null; // Not even an envelope: the relay's own fault, nothing to acknowledge.
  }
  if (get("ledger").seen[envelope] !== undefined) return envelope;
  try {
    const office = followed(get("office"));
    if (!office) return null;
    const self = get("self");
    const read = readFromOffice(data, { me: keysOf(self).record, prekeys: prekeysOf(self), followed: office });
    await commit(filed(read, office.roster));
  } catch (error) {
    if (error instanceof Behind) return null;
    if (!isUntrue(error)) throw error;
    const ledger = get("ledger");
    const seen = { ...ledger.seen, [envelope]: now() + 60 * 86_400 };
    await commit({ ledger: { ...ledger, seen, rejected: ledger.rejected + 1 } });
  }
  return envelope;
}

/** The parts that an opened and checked message changes. Throws Refused for a replay or what does not hold. */
function filed(read: Read, roster: Roster): Partial<Parts> {
  const { header, inner, link } = read;
  const { payload } = inner;
  const plain = payload.kind === Kind.text || payload.kind === Kind.opened;
  if (get("self").unverified && !plain) throw new Refused("an unverified office may write, and nothing else");
  const ledger = get("ledger");
  const { gap, ...place } = placed(inner, link, ledger);
  // The relay has vouched for the header's time: a desk whose clock runs ahead drags ours along by no more.
  const signedAt = Math.min(inner.sentAt, header.time + 900);
  heardFromOffice(signedAt);
  const parts: Partial<Parts> & { ledger: Ledger } = {
    ledger: {
      ...ledger,
      ...place,
      seen: { ...ledger.seen, [toBase64Url(header.envelope)]: header.expires + 86_400 },
    },
    office: { ...get("office"), floor: Math.max(get("office").floor, signedAt) },
  };
  switch (payload.kind) {
    case Kind.text:
      parts.messages = [...get("messages"), shown(read, payload.text, gap)];
      break;
    case Kind.opened: {
      const hash = toBase64Url(payload.contentHash);
      parts.messages = get("messages").map((message) =>
        message.mine && message.hash === hash ? { ...message, state: "opened" } : message,
      );
      break;
    }
    case Kind.ask: {
      const ask = askOf(payload);
      parts.messages = [...get("messages"), { ...shown(read, "", gap), ask }];
      parts.about = asked(get("about"), ask);
      break;
    }
    case Kind.notice:
      checkApprovals(payload.notice, payload.approvals, roster);
      fileNotice(read, payload, roster, parts);
      break;
    case Kind.go:
      fileDecision("go", signedGo.encode(payload.go), payload.go.value.notice, { roster, parts });
      break;
    case Kind.cancel:
      fileDecision("cancel", signedCancel.encode(payload.cancel), payload.cancel.value.notice, { roster, parts });
      break;
    case Kind.attachment:
      parts.messages = [...get("messages"), { ...shown(read, payload.caption, gap), attachment: payload }];
      break;
    case Kind.status:
    case Kind.answer:
    case Kind.grant:
    case Kind.draft:
    case Kind.caseFile:
      throw new Refused("an office does not send this to a phone");
  }
  return parts;
}

function shown({ header, inner, entry, link }: Read, text: string, gap: boolean): Message {
  const envelope = toBase64Url(header.envelope);
  return {
    id: envelope,
    mine: false,
    at: inner.sentAt,
    text: plain(text),
    status: 0,
    from: entry.roleCode,
    gap,
    hash: toBase64Url(link.hash),
    envelope,
    state: "new",
  };
}

type Changing = Partial<Parts> & { ledger: Ledger };

function fileNotice(
  read: Read,
  payload: Extract<Read["inner"]["payload"], { kind: 4 }>,
  roster: Roster,
  parts: Changing,
): void {
  const { notice, approvals } = payload;
  if (!equalOffice(notice.office)) throw new Refused("the notice is of another office");
  const codes = approvals.map(({ value }) => entryOf(roster, value.device)?.roleCode ?? "?");
  const version: NoticeVersion = {
    notice: noticeRecord.encode(notice),
    envelope: toBase64Url(read.header.envelope),
    messageHash: toBase64Url(read.link.hash),
    contentHash: toBase64Url(noticeHash(notice)),
    codes: [...new Set(codes)],
    own: read.own ?? null,
    at: read.inner.sentAt,
    approvedAt: approvedBetween(approvals)[0],
    came: now(),
    read: false,
    cancelled: false,
  };
  const files = addVersion(get("notices"), notice.version, version, get("settings").withdrawnAt);
  const about = { notice: toBase64Url(notice.notice), roster, now: now() };
  const caught = catchUpOn(files, parts.ledger.early, about);
  parts.notices = caught.files;
  const warnings = warn(parts.ledger.warnings ?? {}, notice, approvals);
  parts.ledger = { ...parts.ledger, early: caught.early, warnings };
}

function fileDecision(
  kind: Decision["kind"],
  wire: Bytes,
  notice: Bytes,
  { roster, parts }: { roster: Roster; parts: Changing },
): void {
  const early = { notice: toBase64Url(notice), kind, wire, since: beginning() };
  const files = kind === "go" ? confirm(get("notices"), wire, roster, now()) : callOff(get("notices"), wire, roster);
  if (files) parts.notices = files;
  // A go that came before its notice is kept until that is here; a cancel for whatever it calls off and comes later.
  if (!files || kind === "cancel") parts.ledger = { ...parts.ledger, early: [...parts.ledger.early, early] };
}

function equalOffice(office: Bytes): boolean {
  return toBase64Url(office) === toBase64Url(get("office").pin.office);
}

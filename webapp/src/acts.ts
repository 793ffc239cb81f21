/** What a person does: answers, permissions, reading. Each is kept on disk first, then handed over. */
import { Kind, type Payload } from "./protocol/content.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { signedAnswer, type Reply } from "./protocol/statement.ts";
import { consentErrand } from "./enrol.ts";
import { noticeOf } from "./notices.ts";
import { kick } from "./outbox.ts";
import { isPurpose, sharing, stands } from "./permissions.ts";
import { call } from "./relay.ts";
import { count, keysOf, postErrand, signerOf } from "./self.ts";
import { withdrawal } from "./standing.ts";
import { commit, get, type Parts, type Permission } from "./state.ts";
import { beginning, now } from "./time.ts";
import { compose } from "./writing.ts";

/** Keeps a text or status and sends it when the network allows. */
export async function send(text: string, status: 0 | 1 | 2 | 3 | 4 | 5 = 0): Promise<void> {
  const payload: Payload = status === 0 ? { kind: Kind.text, text } : { kind: Kind.status, status, text };
  await commit(compose(payload, { text, status }));
  kick();
}

/** Signs and keeps a seat answer. */
export async function answer(id: string, number: number, reply: Reply): Promise<void> {
  const file = get("notices").find((other) => other.id === id);
  const held = file?.versions[number];
  if (!file || !held?.own) throw new Error("there is nothing to answer");
  const keys = keysOf(get("self"));
  const counted = count(get("ledger"), "answer");
  const { office, owner, device } = keys.record;
  const wire = signedAnswer.sign(
    {
      office,
      contact: owner,
      device,
      offer: held.own.offer,
      notice: noticeOf(held).notice,
      version: number,
      contentHash: fromBase64Url(held.contentHash, 32),
      answer: reply,
      party: held.own.party,
      counter: counted.counter,
      at: now(),
    },
    keys.signSeed,
  );
  const errand = postErrand("answers", { answer: toBase64Url(wire) }, `${id}/${number}`);
  const next = { ...held, answer: { answer: reply, state: "waiting" as const } };
  await commit({
    ledger: counted.ledger,
    queue: [...get("queue"), errand],
    notices: get("notices").map((other) =>
      other.id === id ? { ...file, versions: { ...file.versions, [number]: next } } : other,
    ),
  });
  kick();
}

/** Gives, renews or withdraws a permission. */
export async function consent(permission: Permission, given: boolean): Promise<void> {
  const made = consentErrand(keysOf(get("self")), { permission, given, ledger: get("ledger") });
  const settings = get("settings");
  // Once it ended, all that waited was destroyed, as by a withdrawal; not so what concerns other offices alone.
  const ended = !given || (settings.consents[permission] && !stands(permission));
  const broken = isPurpose(permission) && ended;
  const about = get("about");
  const others = about.others.map((other) => {
    const open = other.open.filter((group) => sharing(other.office, group) !== permission);
    return { ...other, open };
  });
  await commit({
    ledger: made.ledger,
    about: { ...about, others },
    settings: {
      ...settings,
      consents: { ...settings.consents, [permission]: given },
      agreedAt: given ? { ...settings.agreedAt, [permission]: now() } : settings.agreedAt,
      withdrawnAt: broken ? withdrawal() : settings.withdrawnAt,
    },
    queue: [...get("queue"), made.errand],
  });
  kick();
}

/** Silences or unsilences the doorbell. Throws Offline or Answered; nothing changes then. */
export async function pause(paused: boolean): Promise<void> {
  await call("POST", "pause", signerOf(get("self")), JSON.stringify({ paused }));
  await commit({ settings: { ...get("settings"), paused } });
}

/** Marks what came as read and lets the office know, as long as messages are permitted. */
export async function readMessages(): Promise<void> {
  const fresh = get("messages").filter((message) => message.state === "new");
  if (fresh.length === 0 && get("ledger").rejected === 0) return;
  await commit({
    messages: get("messages").map((message) =>
      message.state === "new" ? { ...message, state: "read", since: beginning() } : message,
    ),
    ledger: { ...get("ledger"), rejected: 0 },
  });
  for (const message of fresh) await receipt(message.envelope, message.hash);
  kick();
}

/** Marks a version of a notice as read; the first time, the office is told. */
export async function readNotice(id: string, number: number): Promise<void> {
  const file = get("notices").find((other) => other.id === id);
  const held = file?.versions[number];
  if (!file || !held || held.read) return;
  const next = { ...file, versions: { ...file.versions, [number]: { ...held, read: true, since: beginning() } } };
  await commit({ notices: get("notices").map((other) => (other.id === id ? next : other)) });
  // A go or a cancel makes it new again; the receipt is for the notice and is sent once.
  if (held.go === undefined && !held.cancelled) await receipt(held.envelope, held.messageHash);
  kick();
}

async function receipt(envelope: string, hash: string): Promise<void> {
  // Carried by hand, each would cost somebody a walk to the bot; that letters were fetched, the office sees anyway.
  if (import.meta.env.MODE === "offline") return;
  // Who is unverified may send a few letters only: they are for words.
  if (!stands("messages") || get("self").unverified) return;
  const parts: Partial<Parts> = compose({
    kind: Kind.opened,
    envelope: fromBase64Url(envelope, 16),
    contentHash: fromBase64Url(hash, 32),
  });
  await commit(parts);
}

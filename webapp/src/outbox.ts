/**
 * What this phone still has to hand to the relay: kept on disk before anything else happens, handed over in order,
 * tried again until the relay has answered. Handing the same thing over twice does no harm.
 */
import { signal } from "@preact/signals";
import { innerRecord, Kind } from "./protocol/content.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused } from "./protocol/errors.ts";
import { SHARING, signedConsent } from "./protocol/statement.ts";
import { Answered, Offline, Stopped } from "./faults.ts";
import { loadAttach } from "./chunks.ts";
import { catchUp } from "./office.ts";
import { isPurpose, sharing } from "./permissions.ts";
import { call, syncTime } from "./relay.ts";
import { signerOf } from "./self.ts";
import { commit, get, open, type Errand, type Message, type Parts, type Permission, type Said, type Settings } from "./state.ts";
import { sealed } from "./writing.ts";

const RESEAL = ["epoch_unknown", "clock_wrong", "expired"];
const FIRST_WAIT = 2;
const LONGEST_WAIT = 60;

/** True while the last try found no relay. */
export const offline = signal(false);
/** Called with each answer that may name a newer roster. */
export const hooks: { answered: (answer: unknown) => void } = { answered: () => undefined };

let running = false;
let waits = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** What a try means for the queue: it goes on, it waits, or it goes on with what needs no seal. */
type Outcome = "on" | "later" | "unsealable";

/** Starts handing over, unless it is under way. */
export function kick(): void {
  clearTimeout(timer);
  waits = 0;
  void run();
}

export function rest(): void {
  clearTimeout(timer);
}

async function run(): Promise<void> {
  if (running) return;
  running = true;
  try {
    let sealing = true;
    while (ready()) {
      // What needs no seal, a withdrawal say, does not wait for a roster that a message waits for.
      const queue = get("queue");
      const next = queue.find(({ kind }) => kind === "post" || (sealing && kind === "message"));
      // Words go before the next chunk of a photograph.
      const errand = next ?? queue.find(({ kind }) => kind === "attachment");
      if (!errand) break;
      const outcome = await attempt(errand);
      if (outcome === "later") break;
      if (outcome === "unsealable") sealing = false;
      else waits = 0;
    }
  } finally {
    running = false;
  }
}

function ready(): boolean {
  if (!open.value || document.hidden || get("office").stop) return false;
  const { state, unverified } = get("self");
  return (state === "pending" || state === "enrolled") && unverified?.same !== false;
}

async function attempt(errand: Errand): Promise<Outcome> {
  try {
    const answer = await handOver(errand);
    offline.value = false;
    if (errand.kind !== "attachment") await settle(errand, true);
    hooks.answered(answer);
    return "on";
  } catch (error) {
    if (!open.value) return "later";
    offline.value = error instanceof Offline;
    const wait = await verdict(errand, error);
    if (!wait) return "on";
    clearTimeout(timer);
    timer = setTimeout(() => {
      void run();
    }, wait * 1000);
    return error instanceof Refused || mustSealAnew(errand, error) ? "unsealable" : "later";
  }
}

/** Seconds to wait before the next try: none when a newer roster is here; null when the errand was given up for good. */
async function verdict(errand: Errand, error: unknown): Promise<number | null> {
  waits += 1;
  const backoff = Math.min(FIRST_WAIT ** waits, LONGEST_WAIT) * (0.75 + Math.random() / 2);
  // A roster that ran out: the office has to renew it first.
  if (error instanceof Refused) return LONGEST_WAIT;
  if (error instanceof Offline) return backoff;
  if (error instanceof Answered) {
    if (error.passing) return Math.max(error.wait, backoff);
    if (mustSealAnew(errand, error)) {
      const newer = await unseal(errand);
      return newer ? 0 : backoff;
    }
    // Not enrolled yet; but who has no letter may send only so much.
    const pending = get("self").state === "pending" && error.code !== "unverified_limits";
    if (pending && (error.status === 401 || error.status === 403)) return backoff;
    if (error.status === 401) {
      await syncTime().catch(() => undefined);
      if (waits < 4) return backoff;
    }
  } else if (!(error instanceof Malformed)) throw error;
  await settle(errand, false, error instanceof Answered ? error.code : "");
  return null;
}

async function handOver(errand: Errand): Promise<unknown> {
  const signer = signerOf(get("self"));
  if (errand.kind === "attachment") return (await loadAttach()).handOn(errand);
  if (errand.kind === "post") return call("POST", errand.path, signer, errand.body);
  try {
    // Nobody is rung for a receipt.
    const receipt = innerRecord.decode(errand.inner).payload.kind === Kind.opened;
    return await call("POST", receipt ? "envelopes?ring=no" : "envelopes", signer, await sealed(errand));
  } catch (error) {
    // The relay holds this very id already: it was handed over, and only the answer was lost.
    if (error instanceof Answered && error.status === 409) return null;
    throw error;
  }
}

/**
 * The office reads under another epoch by now, or the clock was wrong: sets the clock and follows the rosters, so that
 * the message is sealed anew, under its old id. True when there was a newer roster.
 */
async function unseal(errand: Errand): Promise<boolean> {
  const before = get("office");
  try {
    await syncTime();
    const next = await catchUp(before);
    if (!open.value) return false;
    const held = get("office");
    const newer = next.pin.version > before.pin.version;
    await commit({
      queue: get("queue").map((other) => (other.id === errand.id ? { ...other, sealed: undefined } : other)),
      office: next.pin.version > held.pin.version ? { ...next, floor: Math.max(next.floor, held.floor) } : held,
    });
    return newer;
  } catch (error) {
    if (!open.value) return false;
    if (error instanceof Stopped) await commit({ office: { ...get("office"), stop: error.reason } });
    else if (!(error instanceof Offline) && !(error instanceof Answered)) throw error;
    return false;
  }
}

async function settle(errand: Errand, taken: boolean, code = ""): Promise<void> {
  const state = taken ? "handed" : "failed";
  const parts: Partial<Parts> = { queue: get("queue").filter((other) => other.id !== errand.id) };
  const own = (message: Message): boolean => message.id === errand.ref && message.state === "waiting";
  const message = get("messages").find(own);
  if (message) {
    parts.messages = get("messages").map((message) => (own(message) ? { ...message, state } : message));
    const about = get("about");
    if (taken && message.fields) parts.about = { ...about, told: { ...about.told, ...message.fields } };
  }
  if (errand.kind === "post" && errand.path === "answers") {
    const [id = "", version = ""] = errand.ref.split("/");
    parts.notices = get("notices").map((file) => {
      const held = file.versions[version];
      if (file.id !== id || !held?.answer) return file;
      const answer = { answer: held.answer.answer, state, code } as const;
      return { ...file, versions: { ...file.versions, [version]: { ...held, answer } } };
    });
  }
  const said = consentOf(errand);
  if (said) {
    // The person may have said something newer about it, which is still to be handed over.
    const newer = parts.queue?.some((other) => consentOf(other)?.permission === said.permission) ?? false;
    parts.settings = taken ? took(said) : newer ? get("settings") : without(said);
  }
  await commit(parts);
}

function took(word: Said): Settings {
  const { permission, given, at } = word;
  const settings = get("settings");
  return {
    ...settings,
    takenAt: { ...settings.takenAt, [permission]: given ? at : 0 },
    said: [...(settings.said ?? []), word],
  };
}

/** A permission, or a withdrawal, that the relay refused: nobody shall believe in it; what was said before stands. */
function without({ permission, given }: Said): Settings {
  const settings = get("settings");
  // A phone that was set up before these times were kept knows only the opposite.
  const before = settings.takenAt?.[permission] ?? (isPurpose(permission) ? undefined : 0);
  return {
    ...settings,
    consents: { ...settings.consents, [permission]: before === undefined ? !given : before > 0 },
    agreedAt: { ...settings.agreedAt, ...(before && { [permission]: before }) },
  };
}

/** True for a refusal that says nothing against the message, only against its seal. */
function mustSealAnew(errand: Errand, error: unknown): boolean {
  return errand.kind === "message" && error instanceof Answered && RESEAL.includes(error.code);
}

function consentOf(errand: Errand): Said | null {
  if (errand.kind !== "post" || errand.path !== "consents") return null;
  const { consent } = JSON.parse(errand.body) as { consent: string };
  try {
    const { purpose, recipient, fields, given, at } = signedConsent.decode(fromBase64Url(consent)).value;
    const permission = purpose === SHARING ? sharing(toBase64Url(recipient), fields) : (purpose as Permission);
    return { permission, given, at };
  } catch {
    return null; // This phone made it, so it waits since a consent had another form: no relay takes it any more.
  }
}

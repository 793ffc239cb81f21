/** The app while it is open: unlocking, the beat of fetching and handing over, locking, erasing. */
import { signal } from "@preact/signals";
import * as disk from "./disk.ts";
import { askForCard, enrol, farewell, firstParts, newcomer } from "./enrol.ts";
import * as lock from "./lock.ts";
import { fetchMail, follow } from "./mail.ts";
import { agrees, readHead, Stopped } from "./office.ts";
import { hooks, kick, offline, rest } from "./outbox.ts";
import { Answered, call, Offline, syncTime } from "./relay.ts";
import { renewPrekeys } from "./self.ts";
import * as securestore from "./securestore.ts";
import { commit, get, open, seal, unseal, type Parts, type Purpose } from "./state.ts";
import { heardFromOffice, now } from "./time.ts";

const BEAT = 15_000;
const WAITING_BEAT = 5_000;
const HIDDEN_LIMIT = 60_000;
/** How long messages stay readable on this phone. */
export const DAYS = 7;
const KEEP = DAYS * 86_400;

/** Unix seconds of the last round that reached the relay. */
export const freshAt = signal(0);
/** True while a round is under way. */
export const busy = signal(false);
/** Rises with each round and each minute, so that screens judge times anew. */
export const tick = signal(0);
/** Set after erasing: whether the relay knows. */
export const erased = signal<"told" | "owed" | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenSince = 0;

/** Sets the PIN and keeps everything from here on; then introduces this phone to the office. */
export async function settleIn(pin: string, consents: Record<Purpose, boolean>): Promise<void> {
  const arriving = newcomer.value;
  if (!arriving) throw new Error("nobody arrives");
  const key = await lock.create(pin);
  await disk.write("farewell", farewell(arriving.keys));
  await unseal(key, firstParts(arriving, consents));
  await disk.persist();
  newcomer.value = null;
  beginBeat();
}

export async function unlock(pin: string): Promise<lock.Unlocked> {
  const result = await lock.unlock(pin, Math.floor(Date.now() / 1000));
  if (result.state !== "open") return result;
  await unseal(result.key);
  heardFromOffice(get("office").floor);
  beginBeat();
  return result;
}

export function lockNow(): void {
  clearTimeout(timer);
  rest();
  seal();
}

function beginBeat(): void {
  hooks.answered = (answer) => {
    if (typeof answer !== "object" || answer === null || !("roster" in answer)) return;
    try {
      if (!agrees(get("office"), readHead(answer))) void refresh();
    } catch (error) {
      void halt(error);
    }
  };
  void refresh();
}

/** One round now; the next comes by itself while the app is seen. */
export async function refresh(): Promise<void> {
  if (busy.value || !open.value) return;
  clearTimeout(timer);
  busy.value = true;
  try {
    await round();
    offline.value = false;
    freshAt.value = now();
  } catch (error) {
    await halt(error);
  } finally {
    busy.value = false;
    tick.value += 1;
    schedule();
  }
}

function schedule(): void {
  clearTimeout(timer);
  if (!open.value || document.hidden) return;
  timer = setTimeout(
    () => {
      void refresh();
    },
    get("self").state === "enrolled" ? BEAT : WAITING_BEAT,
  );
}

async function round(): Promise<void> {
  await tidy();
  await syncTime();
  if (get("self").state === "enrolling") await enrol();
  const { state } = get("self");
  if (state === "pending" || state === "frozen") await askForCard();
  if (get("self").state === "enrolled" && !get("office").stop) await fetchMail();
  if (open.value && !get("office").stop) kick();
}

/** Takes note of why a round ended early; only what is neither network nor relay is a fault of ours. */
async function halt(error: unknown): Promise<void> {
  if (!open.value) return;
  if (error instanceof Stopped) await commit({ office: { ...get("office"), stop: error.reason } });
  else if (error instanceof Offline) offline.value = true;
  else if (!(error instanceof Answered)) throw error;
}

/** After a stop: looks once more, and goes on only if what the relay shows now fits. True when it does. */
export async function checkAgain(): Promise<boolean> {
  try {
    await syncTime();
    await follow();
    if (get("self").state !== "enrolled") await askForCard();
    await commit({ office: { ...get("office"), stop: undefined } });
    void refresh();
    return true;
  } catch (error) {
    await halt(error);
    return false;
  }
}

/** Forgets what has had its time and renews keys. */
async function tidy(): Promise<void> {
  const at = now();
  const parts: Partial<Parts> = {};
  const messages = get("messages").filter((message) => message.at + KEEP > at || message.state === "waiting");
  if (messages.length < get("messages").length) parts.messages = messages;
  const notices = get("notices").filter((file) => Object.values(file.versions).some((held) => held.at + 4 * KEEP > at));
  if (notices.length < get("notices").length) parts.notices = notices;
  const ledger = get("ledger");
  const seen = Object.entries(ledger.seen).filter(([, until]) => until > at);
  if (seen.length < Object.keys(ledger.seen).length) parts.ledger = { ...ledger, seen: Object.fromEntries(seen) };
  const renewed = renewPrekeys(get("self"), at);
  if (renewed) {
    parts.self = renewed.self;
    if (renewed.errand) parts.queue = [...get("queue"), renewed.errand];
  }
  if (Object.keys(parts).length > 0) await commit(parts);
}

/** Locks a minute after the app was hidden, and stops asking the relay meanwhile. */
export function watchVisibility(): void {
  const seen = (): void => {
    if (document.hidden) {
      hiddenSince = Date.now();
      clearTimeout(timer);
      rest();
      timer = setTimeout(lockNow, HIDDEN_LIMIT);
    } else if (open.value) {
      clearTimeout(timer);
      // Timers sleep in a hidden page: the clock tells.
      if (hiddenSince > 0 && Date.now() - hiddenSince >= HIDDEN_LIMIT) lockNow();
      else void refresh();
    }
  };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("online", () => {
    if (open.value && !document.hidden) void refresh();
  });
  setInterval(() => {
    tick.value += 1;
  }, 30_000);
}

/** Erases everything on this phone, keys first, then tells the relay. Works without the PIN. */
export async function wipe(): Promise<void> {
  const statement = await disk.read<string>("farewell");
  lockNow();
  await disk.erase();
  newcomer.value = null;
  // The only thing left until the relay has it: it says who leaves, and opens nothing.
  if (statement) await disk.write("owed", statement);
  erased.value = statement ? "owed" : "told";
  void securestore.forget();
  await payFarewell();
}

/** Hands over a farewell that is still owed. */
export async function payFarewell(): Promise<void> {
  const statement = await disk.read<string>("owed");
  if (!statement) return;
  try {
    await call("POST", "wipes", undefined, JSON.stringify({ wipe: statement }));
  } catch (error) {
    if (!(error instanceof Answered) || error.passing) return;
  }
  await disk.remove("owed");
  if (erased.value) erased.value = "told";
}

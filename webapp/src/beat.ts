/** What goes on while the app is open and seen: rounds of fetching, tidying and handing over. */
import { signal } from "@preact/signals";
import { askForCard, enrol } from "./admission.ts";
import { loadReferral } from "./chunks.ts";
import { Answered, Offline, Stopped } from "./faults.ts";
import { fetchMail, follow } from "./mail.ts";
import { agrees, readHead } from "./head.ts";
import { hooks, kick, offline, rest } from "./outbox.ts";
import { syncTime } from "./relay.ts";
import { renewPrekeys } from "./renewal.ts";
import { forget } from "./retention.ts";
import { commit, get, open } from "./state.ts";
import { certain, isSet, now, plausible } from "./time.ts";

const BEAT = 15_000;
const WAITING_BEAT = 5_000;
const MINUTE = 60_000;
/** Seconds: what is dated further ahead, the relay does not take (PROTOCOL section 10). */
const WRONG = 60;
/** What the relay says to a device that was removed, or of a person who was erased. */
const DROPPED = ["unknown_device", "not_enrolled"];

/** Unix seconds of the last round that reached the relay. */
export const freshAt = signal(0);
/** True while a round is under way. */
export const busy = signal(false);
/** Rises with each round and each minute, so that screens judge times anew. */
export const tick = signal(0);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Starts the beat; it rests while the app is hidden and ends with the lock. */
export function begin(): void {
  hooks.answered = (answer) => {
    if (typeof answer !== "object" || answer === null || !("roster" in answer)) return;
    try {
      if (!agrees(get("office"), readHead(answer))) void refresh();
    } catch (error) {
      void halt(error);
    }
  };
  open.subscribe((opened) => {
    if (opened) void refresh();
    else {
      pauseBeat();
      // When somebody looked last is nothing to the next.
      freshAt.value = 0;
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) pauseBeat();
    else void refresh();
  });
  window.addEventListener("online", () => {
    if (!document.hidden) void refresh();
  });
  setInterval(() => {
    tick.value += 1;
  }, MINUTE);
}

function pauseBeat(): void {
  clearTimeout(timer);
  rest();
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
  await forget();
  const before = isSet();
  if (!before) await syncTime();
  await renew();
  await (before ? setting(look) : look());
  if (open.value && !get("office").stop) kick();
}

/**
 * Sets the clock meanwhile: one after the other costs a round trip, which takes seconds on a bad line. Begins anew if the
 * relay took nothing because the clock was wrong.
 */
async function setting(errand: () => Promise<void>): Promise<void> {
  const [clock, done] = await Promise.allSettled([syncTime(), errand()]);
  if (done.status === "rejected") {
    const dated = done.reason instanceof Answered && done.reason.status === 401;
    if (!dated || clock.status === "rejected" || clock.value < WRONG) throw done.reason;
    await errand();
  }
  if (clock.status === "rejected") throw clock.reason;
}

/** How far the office is with this phone, and what it wrote. */
async function look(): Promise<void> {
  await advance();
  if (get("self").state !== "enrolled" || get("office").stop) return;
  await fetchMail();
  if (get("self").dropped) await commit({ self: { ...get("self"), dropped: undefined } });
}

/** On towards the office's card. */
async function advance(): Promise<void> {
  if (get("self").unverified) return (await loadReferral()).advance();
  // Somebody at the office has to do the rest: there is nothing to ask for yet.
  if (get("self").state === "enrolling") return enrol();
  const { state } = get("self");
  if (state === "pending" || state === "frozen") await askForCard();
}

/** Takes note of why a round ended early; only what is neither network nor relay is a fault of ours. */
async function halt(error: unknown): Promise<void> {
  if (!open.value) return;
  if (error instanceof Stopped) await commit({ office: { ...get("office"), stop: error.reason } });
  else if (error instanceof Offline) offline.value = true;
  else if (!(error instanceof Answered)) throw error;
  else if (get("self").state === "enrolled" && DROPPED.includes(error.code)) {
    await commit({ self: { ...get("self"), dropped: true } });
  }
}

/** After a stop: looks once more, and goes on only if what the relay shows now fits. True when it does. */
export async function checkAgain(): Promise<boolean> {
  try {
    await syncTime();
    await follow();
    await advance();
    await commit({ office: { ...get("office"), stop: undefined } });
    void refresh();
    return true;
  } catch (error) {
    await halt(error);
    return false;
  }
}

async function renew(): Promise<void> {
  const renewed = renewPrekeys(get("self"), { now: plausible(), certain: certain() });
  if (!renewed) return;
  const { self, errand } = renewed;
  await commit(errand ? { self, queue: [...get("queue"), errand] } : { self });
}

/** The way in and out: setting the PIN, unlocking, locking, erasing. What happens inside is beat.ts. */
import { signal } from "@preact/signals";
import * as disk from "./disk.ts";
import { farewell, firstParts, newcomer } from "./enrol.ts";
import * as lock from "./lock.ts";
import { Answered, call } from "./relay.ts";
import * as securestore from "./securestore.ts";
import { get, open, seal, unseal, type Purpose } from "./state.ts";
import { heardFromOffice } from "./time.ts";

const HIDDEN_LIMIT = 60_000;

/** Set after erasing: whether the relay knows. */
export const erased = signal<"told" | "owed" | null>(null);

/** Sets the PIN and keeps everything from here on. */
export async function settleIn(pin: string, consents: Record<Purpose, boolean>): Promise<void> {
  const arriving = newcomer.value;
  if (!arriving) throw new Error("nobody arrives");
  const key = await lock.create(pin);
  await disk.write("farewell", farewell(arriving.keys));
  await unseal(key, firstParts(arriving, consents));
  await disk.persist();
  newcomer.value = null;
}

export async function unlock(pin: string): Promise<lock.Unlocked> {
  const result = await lock.unlock(pin, Math.floor(Date.now() / 1000));
  if (result.state === "open") {
    await unseal(result.key);
    heardFromOffice(get("office").floor);
  }
  return result;
}

export function lockNow(): void {
  seal();
}

/** Locks a minute after the app was hidden. */
export function watchHidden(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      since = Date.now();
      timer = setTimeout(lockNow, HIDDEN_LIMIT);
    } else if (open.value && Date.now() - since >= HIDDEN_LIMIT) {
      // Timers sleep in a hidden page: the clock tells.
      lockNow();
    }
  });
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

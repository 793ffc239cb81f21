/** Locking and erasing, which need no key. What takes the PIN is opening.ts; what happens inside is beat.ts. */
import { signal } from "@preact/signals";
import * as disk from "./disk.ts";
import { Answered } from "./faults.ts";
import { call } from "./relay.ts";
import * as securestore from "./securestore.ts";
import { newcomer, open, seal } from "./state.ts";

const HIDDEN_LIMIT = 60_000;

/** Set after erasing: whether the relay knows. */
export const erased = signal<"told" | "owed" | null>(null);

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

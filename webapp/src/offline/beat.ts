/** What goes on while the page is open: times are judged anew, and what has had its time is erased. */
import { signal } from "@preact/signals";
import type * as online from "../beat.ts";
import { forget } from "../retention.ts";
import { open } from "../state.ts";
import { tidy } from "./courier.ts";

const MINUTE = 60_000;

export const tick = signal(0);
/** No round with the relay ever ends. */
export const freshAt = signal(0);

async function round(): Promise<void> {
  if (!open.value) return;
  await tidy();
  await forget();
  tick.value += 1;
}

export const begin: typeof online.begin = () => {
  open.subscribe(() => void round());
  setInterval(() => void round(), MINUTE);
};

/** What did not fit came by hand: there is nobody to ask for something else. */
export const checkAgain: typeof online.checkAgain = () => Promise.resolve(false);

/** The officers' page: a further device of an officer's, that confirms what was proposed in the chat. */
import { render } from "preact";
import * as bridge from "../bridge.ts";
import * as disk from "../disk.ts";
import { speak, type Language } from "../strings.ts";
import "../style.css";
import { close, look } from "./device.ts";
import { broken, Page } from "./page.tsx";

const HIDDEN_LIMIT = 60_000;

/** Locks a minute after the page was hidden. */
function watchHidden(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      since = Date.now();
      timer = setTimeout(close, HIDDEN_LIMIT);
    } else if (Date.now() - since >= HIDDEN_LIMIT) {
      // Timers sleep in a hidden page: the clock tells.
      close();
    }
  });
}

async function begin(): Promise<void> {
  bridge.start();
  bridge.followTheme();
  const kept = await disk.read<Language>("language");
  if (kept) await speak(kept).catch(() => undefined);
  await look();
  const app = document.getElementById("app");
  if (!app) throw new Error("the page has no place for the app");
  render(<Page />, app);
  watchHidden();
}

const fail = (): void => {
  broken.value = true;
};
window.addEventListener("unhandledrejection", fail);
begin().catch(fail);

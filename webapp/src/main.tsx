import { effect } from "@preact/signals";
import { render } from "preact";
import { App, elsewhere, prepare, settled } from "./app.tsx";
import * as bridge from "./bridge.ts";
import * as disk from "./disk.ts";
import * as lock from "./lock.ts";
import { back, home } from "./router.ts";
import { payFarewell, watchHidden } from "./gate.ts";
import { broken, open } from "./state.ts";
import { language, speak, type Language } from "./strings.ts";
import "./style.css";

/** Two windows on one store would overwrite each other's counters: the second one waits. */
function alone(): Promise<void> {
  return new Promise((resolve) => {
    // Typed as always there; old WebViews have none.
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) {
      resolve();
      return;
    }
    const waiting = setTimeout(() => (elsewhere.value = true), 300);
    void locks.request("qasid", () => {
      clearTimeout(waiting);
      elsewhere.value = false;
      resolve();
      return new Promise<never>(() => undefined);
    });
  });
}

async function begin(): Promise<void> {
  bridge.start();
  bridge.followTheme();
  bridge.on("back_button_pressed", back);
  const kept = await disk.read<Language>("language");
  if (kept) await speak(kept);
  const app = document.getElementById("app");
  if (!app) throw new Error("the page has no place for the app");
  settled.value = await lock.exists();
  render(<App />, app);
  await alone();
  settled.value = await lock.exists();
  effect(() => {
    if (!open.value) home();
  });
  watchHidden();
  effect(() => {
    // Fetched ahead while somebody reads or types; if it fails, Behind tries again.
    if (language.value) setTimeout(() => void prepare().catch(() => undefined), 50);
  });
  await payFarewell();
}

window.addEventListener("unhandledrejection", () => {
  broken.value = true;
});
begin().catch(() => {
  broken.value = true;
});

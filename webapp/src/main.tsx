import { effect } from "@preact/signals";
import { render } from "preact";
import { alone } from "./alone.ts";
import { App, settled } from "./app.tsx";
import * as bridge from "./bridge.ts";
import { loadAbout, loadAll, loadCore } from "./chunks.ts";
import * as disk from "./disk.ts";
import * as safes from "./safes.ts";
import { back, go, home } from "./router.ts";
import { payFarewells, watchHidden } from "./gate.ts";
import { broken, get, open } from "./state.ts";
import { language, speak, type Language } from "./strings.ts";
import "./style.css";

/** True when this phone has been set up, so that there is something behind the lock. */
async function inhabited(): Promise<boolean> {
  return (await disk.read(safes.LOCK)) !== undefined;
}

async function begin(): Promise<void> {
  bridge.start();
  // The largest part, on its way while somebody chooses a language; asked for again when it is needed.
  void loadCore().catch(() => undefined);
  bridge.followTheme();
  bridge.on("back_button_pressed", back);
  const app = document.getElementById("app");
  if (!app) throw new Error("the page has no place for the app");
  try {
    const kept = await disk.read<Language>("language");
    // A catalogue that cannot be loaded now is asked for again where languages are chosen.
    if (kept) await speak(kept).catch(() => undefined);
    settled.value = await inhabited();
  } catch {
    // Said in the language that is then chosen.
    broken.value = "full";
  }
  render(<App />, app);
  if (broken.value) return;
  await alone();
  settled.value = await inhabited();
  // The bot's button for permissions leads there, once: afterwards one goes where one likes.
  let asked = bridge.startParam === "settings";
  effect(() => {
    if (!open.value) home();
    else if (asked) {
      asked = false;
      if (get("self").state === "enrolled") go({ name: "settings" });
    }
  });
  watchHidden();
  effect(() => {
    // Fetched ahead while somebody reads or types; if it fails, Behind tries again. Whoever comes back has most of it.
    if (language.value) setTimeout(() => void (settled.peek() ? loadAbout() : loadAll()).catch(() => undefined), 50);
  });
  effect(() => {
    // What is needed now and then, once somebody is in and has seen what is new.
    if (open.value) setTimeout(() => void loadAbout().catch(() => undefined), 1000);
  });
  await payFarewells();
}

window.addEventListener("unhandledrejection", () => {
  broken.value ??= "broken";
});
begin().catch(() => {
  broken.value ??= "broken";
});

/** The app as one file, for whoever cannot reach the web address: no network, everything inside. */
import { effect } from "@preact/signals";
import { render } from "preact";
import { alone } from "../alone.ts";
import { watchHidden } from "../gate.ts";
import { home } from "../router.ts";
import * as safes from "../safes.ts";
import { broken, open } from "../state.ts";
import type { Language } from "../strings.ts";
import "../style.css";
import { followTheme } from "./bridge.ts";
import * as disk from "./disk.ts";
import * as file from "./file.ts";
import { Page, say, settled } from "./page.tsx";

/** True when keys are kept here already. */
async function inhabited(): Promise<boolean> {
  return (await disk.read(safes.LOCK)) !== undefined;
}

async function begin(): Promise<void> {
  followTheme();
  const kept = await disk.read<Language>("language");
  if (kept) await say(kept);
  const app = document.getElementById("app");
  if (!app) throw new Error("the page has no place for the app");
  settled.value = await inhabited();
  render(<Page />, app);
  await alone();
  settled.value = await inhabited();
  effect(() => {
    if (!open.value) home();
  });
  watchHidden();
  file.guard();
}

window.addEventListener("unhandledrejection", () => {
  broken.value ??= "broken";
});
begin().catch(() => {
  broken.value ??= "broken";
});

/**
 * The person's language: Fluent catalogues shared with bot and desk, one loaded at a time.
 *
 * Dates and numbers never go through Fluent, which ignores time zones: callers pass finished text (see dates.ts).
 */
import { signal } from "@preact/signals";
import { Offline } from "./faults.ts";
import { format, type Catalogue, type Values } from "./pattern.ts";

export type Language = "en" | "fa-AF";

interface Entry {
  code: Language;
  name: string;
  dir: "ltr" | "rtl";
  /** Said when its own catalogue cannot be loaded. */
  offline: string;
}

/** Languages by the name their speakers use, in the order they are offered. */
export const LANGUAGES: readonly Entry[] = [
  { code: "fa-AF", name: "دری", dir: "rtl", offline: "ارتباط نیست. دوباره کوشش کنید." },
  { code: "en", name: "English", dir: "ltr", offline: "There is no connection. Try again." },
];

type Part = () => Promise<{ default: Catalogue }>;

/** What is said on the way in, and what is said behind the lock. */
const catalogues: Record<Language, readonly [Part, Part]> = {
  en: [() => import("../../locales/en/app.ftl?arrival"), () => import("../../locales/en/app.ftl?inside")],
  "fa-AF": [() => import("../../locales/fa-AF/app.ftl?arrival"), () => import("../../locales/fa-AF/app.ftl?inside")],
};

export const language = signal<Language | null>(null);
/** True while another language is being chosen; the present one stays until then. */
export const choosing = signal(false);
let said: Catalogue = {};
let plurals = new Intl.PluralRules();
let whole = false;

async function load(parts: readonly Part[]): Promise<Catalogue> {
  try {
    const loaded = await Promise.all(parts.map((part) => part()));
    return Object.assign({}, ...loaded.map((part) => part.default)) as Catalogue;
  } catch {
    throw new Offline();
  }
}

/** Loads the language and turns the page to its direction. Throws Offline when it cannot be loaded. */
export async function speak(code: Language): Promise<void> {
  if (code === language.value) return;
  said = await load(whole ? catalogues[code] : [catalogues[code][0]]);
  plurals = new Intl.PluralRules(code);
  document.documentElement.lang = code;
  document.documentElement.dir = LANGUAGES.find((entry) => entry.code === code)?.dir ?? "ltr";
  language.value = code;
}

/** Loads what is said behind the lock too, now and for each language chosen from now on. Throws Offline. */
export async function speakFully(): Promise<void> {
  const code = language.value;
  if (whole || !code) return;
  const inside = await load([catalogues[code][1]]);
  // Another language was chosen meanwhile, without this part.
  if (language.value !== code) return speakFully();
  said = { ...said, ...inside };
  whole = true;
}

/** The text of a message in the person's language; an unknown id is shown as itself, so that it is noticed. */
export function t(id: string, values: Values = {}): string {
  // Reading the signal renders the screen anew when the language changes.
  const pattern = language.value && said[id];
  return pattern ? format(pattern, values, plurals) : id;
}

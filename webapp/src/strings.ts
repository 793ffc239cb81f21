/**
 * The person's language: Fluent catalogues shared with bot and desk, one loaded at a time.
 *
 * Dates and numbers never go through Fluent, which ignores time zones: callers pass finished text (see dates.ts).
 */
import { signal } from "@preact/signals";
import { Offline } from "./faults.ts";
import { format, type Catalogue, type Values } from "./pattern.ts";

export type Language = "en" | "fa-AF" | "ps-AF";

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
  { code: "ps-AF", name: "پښتو", dir: "rtl", offline: "اړیکه نشته. بیا هڅه وکړئ." },
  { code: "en", name: "English", dir: "ltr", offline: "There is no connection. Try again." },
];

type Part = () => Promise<{ default: Catalogue }>;

/** What is said on the way in, behind the lock, about the person (about.tsx), and to who has no letter (referral.tsx). */
const catalogues: Record<Language, readonly [Part, Part, Part, Part]> = {
  en: [
    () => import("../../locales/en/app.ftl?arrival"),
    () => import("../../locales/en/app.ftl?inside"),
    () => import("../../locales/en/app.ftl?about"),
    () => import("../../locales/en/app.ftl?referral"),
  ],
  "fa-AF": [
    () => import("../../locales/fa-AF/app.ftl?arrival"),
    () => import("../../locales/fa-AF/app.ftl?inside"),
    () => import("../../locales/fa-AF/app.ftl?about"),
    () => import("../../locales/fa-AF/app.ftl?referral"),
  ],
  "ps-AF": [
    () => import("../../locales/ps-AF/app.ftl?arrival"),
    () => import("../../locales/ps-AF/app.ftl?inside"),
    () => import("../../locales/ps-AF/app.ftl?about"),
    () => import("../../locales/ps-AF/app.ftl?referral"),
  ],
};

export const language = signal<Language | null>(null);
/** True while another language is being chosen; the present one stays until then. */
export const choosing = signal(false);
let said: Catalogue = {};
let plurals = new Intl.PluralRules();
/** How many parts are spoken. */
let spoken = 1;

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
  const parts = spoken;
  const loaded = await load(catalogues[code].slice(0, parts));
  // More is spoken since.
  if (parts < spoken) return speak(code);
  said = loaded;
  plurals = new Intl.PluralRules(code);
  document.documentElement.lang = code;
  document.documentElement.dir = LANGUAGES.find((entry) => entry.code === code)?.dir ?? "ltr";
  language.value = code;
}

/** Loads the first so many parts, now and for each language chosen from now on. Throws Offline. */
export async function speakMore(parts: 2 | 3 | 4): Promise<void> {
  const code = language.value;
  if (spoken >= parts || !code) return;
  const more = await load(catalogues[code].slice(spoken, parts));
  // Another language was chosen meanwhile, without these parts.
  if (language.value !== code) return speakMore(parts);
  said = { ...said, ...more };
  spoken = Math.max(spoken, parts);
}

/** The text of a message in the person's language; an unknown id is shown as itself, so that it is noticed. */
export function t(id: string, values: Values = {}): string {
  // Reading the signal renders the screen anew when the language changes.
  const pattern = language.value && said[id];
  return pattern ? format(pattern, values, plurals) : id;
}

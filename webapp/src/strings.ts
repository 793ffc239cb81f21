/**
 * The person's language: Fluent catalogues shared with bot and desk, one loaded at a time.
 *
 * Dates and numbers never go through Fluent, which ignores time zones: callers pass finished text (see dates.ts).
 */
import { FluentBundle, type FluentResource } from "@fluent/bundle";
import { signal } from "@preact/signals";

export type Language = "en" | "fa-AF";

/** Languages by the name their speakers use, in the order they are offered. */
export const LANGUAGES: readonly { code: Language; name: string; dir: "ltr" | "rtl" }[] = [
  { code: "fa-AF", name: "دری", dir: "rtl" },
  { code: "en", name: "English", dir: "ltr" },
];

type Part = () => Promise<{ default: FluentResource }>;

/** What is said on the way in, and what is said behind the lock. */
const catalogues: Record<Language, readonly [Part, Part]> = {
  en: [() => import("../../locales/en/app.ftl?arrival"), () => import("../../locales/en/app.ftl?inside")],
  "fa-AF": [() => import("../../locales/fa-AF/app.ftl?arrival"), () => import("../../locales/fa-AF/app.ftl?inside")],
};

export const language = signal<Language | null>(null);
let bundle: FluentBundle | null = null;
let whole = false;

async function add(to: FluentBundle, part: Part): Promise<void> {
  const errors = to.addResource((await part()).default);
  if (errors.length > 0) throw new Error(`catalogue: ${String(errors[0])}`);
}

/** Loads the language and turns the page to its direction. Rejects when it cannot be loaded. */
export async function speak(code: Language): Promise<void> {
  // Isolation marks stay: they keep codes readable inside Dari.
  const made = new FluentBundle(code);
  const [arrival, inside] = catalogues[code];
  await add(made, arrival);
  if (whole) await add(made, inside);
  bundle = made;
  document.documentElement.lang = code;
  document.documentElement.dir = LANGUAGES.find((entry) => entry.code === code)?.dir ?? "ltr";
  language.value = code;
}

/** Loads what is said behind the lock too, now and for each language chosen from now on. */
export async function speakFully(): Promise<void> {
  if (whole || !bundle || !language.value) return;
  await add(bundle, catalogues[language.value][1]);
  whole = true;
}

/** The text of a message in the person's language; an unknown id is shown as itself, so that it is noticed. */
export function t(id: string, values?: Record<string, string | number>): string {
  // Reading the signal renders the screen anew when the language changes.
  const pattern = language.value && bundle?.getMessage(id)?.value;
  return pattern && bundle ? bundle.formatPattern(pattern, values ?? null) : id;
}

/**
 * The person's language: Fluent catalogues shared with bot and desk, one loaded at a time.
 *
 * Dates and numbers never go through Fluent, which ignores time zones: callers pass finished text (see dates.ts).
 */
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { signal } from "@preact/signals";

export type Language = "en" | "fa-AF";

/** Languages by the name their speakers use, in the order they are offered. */
export const LANGUAGES: readonly { code: Language; name: string; dir: "ltr" | "rtl" }[] = [
  { code: "fa-AF", name: "دری", dir: "rtl" },
  { code: "en", name: "English", dir: "ltr" },
];

const catalogues: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import("../../locales/en/app.ftl?raw"),
  "fa-AF": () => import("../../locales/fa-AF/app.ftl?raw"),
};

export const language = signal<Language | null>(null);
let bundle: FluentBundle | null = null;

/** Prepares a bundle from a catalogue's text. Isolation marks stay: they keep codes readable inside Dari. */
export function compile(code: Language, catalogue: string): FluentBundle {
  const made = new FluentBundle(code);
  const errors = made.addResource(new FluentResource(catalogue));
  if (errors.length > 0) throw new Error(`catalogue ${code}: ${String(errors[0])}`);
  return made;
}

/** Loads the catalogue and turns the page to its direction. Rejects when it cannot be loaded. */
export async function speak(code: Language): Promise<void> {
  bundle = compile(code, (await catalogues[code]()).default);
  document.documentElement.lang = code;
  document.documentElement.dir = LANGUAGES.find((entry) => entry.code === code)?.dir ?? "ltr";
  language.value = code;
}

/** The text of a message in the person's language; an unknown id is shown as itself, so that it is noticed. */
export function t(id: string, values?: Record<string, string | number>): string {
  // Reading the signal renders the screen anew when the language changes.
  const pattern = language.value && bundle?.getMessage(id)?.value;
  return pattern && bundle ? bundle.formatPattern(pattern, values ?? null) : id;
}

/** Reads a language tag as one we have; `prs` and `fa` mean Dari here. */
export function asLanguage(tag: string): Language | null {
  if (/^(prs|fa)\b/i.test(tag)) return "fa-AF";
  return /^en\b/i.test(tag) ? "en" : null;
}

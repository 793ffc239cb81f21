/**
 * Checks the catalogues of the app and of the pages beside it: they parse, hold the same messages with the same values, never leave dates or numbers
 * to Fluent (it ignores time zones), and hold every id the source asks for and no other.
 */
import { globSync, readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";

const root = new URL("../../", import.meta.url);
const PAGES = ["app", "officer", "offline"] as const;
type Page = (typeof PAGES)[number];
const faults: string[] = [];
const say = (text: string): void => {
  faults.push(text);
};

/** Message id -> the values its pattern uses. */
function read(language: string, page: Page): Map<string, string> {
  const text = readFileSync(new URL(`locales/${language}/${page}.ftl`, root), "utf8");
  if (/\b(DATETIME|NUMBER)\s*\(/.test(text)) say(`${language}: DATETIME and NUMBER are not allowed`);
  const entries = text.split("\n").filter((line) => /^[a-zA-Z-][\w-]*\s*=/.test(line)).length;
  const found = new Map<string, string>();
  for (const { id, value } of new FluentResource(text).body) {
    if (found.has(id)) say(`${language}: ${id} stands twice`);
    const values = [...JSON.stringify(value).matchAll(/"type":"var","name":"(\w+)"/g)].map((match) => match[1]);
    found.set(id, [...new Set(values)].sort().join(" "));
  }
  // The runtime parser skips what it cannot read.
  if (found.size !== entries) say(`${language}: ${entries - found.size} entries do not parse`);
  return found;
}

/** Ids of the first language's catalogue; says where another's differs. */
function compared(page: Page): ReadonlySet<string> {
  const [first, ...others] = languages.map((language) => ({ language, found: read(language, page) }));
  if (!first || others.length === 0) throw new Error("there are no catalogues to compare");
  for (const { language, found } of others) {
    for (const [id, values] of first.found) {
      if (!found.has(id)) say(`${language}: ${id} is missing`);
      else if (found.get(id) !== values) say(`${language}: ${id} takes other values than in ${first.language}`);
    }
    for (const id of found.keys()) if (!first.found.has(id)) say(`${first.language}: ${id} is missing`);
  }
  return new Set(first.found.keys());
}

/** The page whose own folder the module is in. */
function pageOf(path: string): Page {
  return PAGES.find((page) => path.includes(`/${page}/`)) ?? "app";
}

const languages = globSync("locales/*/app.ftl", { cwd: root }).map((path) => path.split("/")[1] ?? "");
const held = { app: compared("app"), officer: compared("officer"), offline: compared("offline") };

for (const page of PAGES) {
  const paths = globSync("webapp/src/**/*.{ts,tsx}", { cwd: root, exclude: ["webapp/src/protocol/**"] });
  const own = paths.filter((path) => pageOf(path) === page);
  // The pages beside the app show some of its screens too, with words of their own.
  const shared = paths.filter((path) => pageOf(path) === page || (page !== "app" && pageOf(path) === "app"));
  const text = (of: string[]): string => of.map((path) => readFileSync(new URL(path, root), "utf8")).join("\n");
  const source = text(shared);
  // Ids are asked for whole ("pin-title") or put together (`notice-${kind}`): a beginning or an end is enough then.
  const whole = new Set([...source.matchAll(/["`]([a-z][a-z0-9-]*)["`]/g)].map((match) => match[1] ?? ""));
  const parts = [...source.matchAll(/`([a-z-]*)\$\{[^}]*\}([a-z-]*)`/g)].map((match) => [match[1] ?? "", match[2] ?? ""]);
  const put = (id: string): boolean =>
    parts.some(([start = "", end = ""]) => start + end !== "" && id.startsWith(start) && id.endsWith(end));
  for (const id of held[page]) if (!whole.has(id) && !put(id)) say(`${id} is not used`);
  const known = new Set([...held.app, ...held[page]]);
  for (const match of text(own).matchAll(/\bt\("([^"]+)"/g)) {
    if (!known.has(match[1] ?? "")) say(`${match[1] ?? ""} is asked for and is in no catalogue`);
  }
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`catalogues: ${languages.join(", ")}, ${PAGES.map((page) => held[page].size).join(" + ")} messages each`);

/**
 * Checks the app's catalogues: they parse, hold the same messages with the same values, never leave dates or numbers
 * to Fluent (it ignores time zones), and hold every id the source asks for and no other.
 */
import { globSync, readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";

const root = new URL("../../", import.meta.url);
const faults: string[] = [];
const say = (text: string): void => {
  faults.push(text);
};

/** Message id -> the values its pattern uses. */
function read(language: string): Map<string, string> {
  const text = readFileSync(new URL(`locales/${language}/app.ftl`, root), "utf8");
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

const languages = globSync("locales/*/app.ftl", { cwd: root }).map((path) => path.split("/")[1] ?? "");
const [first, ...others] = languages.map((language) => ({ language, found: read(language) }));
if (!first || others.length === 0) throw new Error("there are no catalogues to compare");
for (const { language, found } of others) {
  for (const [id, values] of first.found) {
    if (!found.has(id)) say(`${language}: ${id} is missing`);
    else if (found.get(id) !== values) say(`${language}: ${id} takes other values than in ${first.language}`);
  }
  for (const id of found.keys()) if (!first.found.has(id)) say(`${first.language}: ${id} is missing`);
}

const source = globSync("webapp/src/**/*.{ts,tsx}", { cwd: root, exclude: ["webapp/src/protocol/**"] })
  .map((path) => readFileSync(new URL(path, root), "utf8"))
  .join("\n");
// Ids are asked for whole ("pin-title") or put together (`notice-${kind}`): a beginning or an end is enough then.
const whole = new Set([...source.matchAll(/["`]([a-z][a-z0-9-]*)["`]/g)].map((match) => match[1] ?? ""));
const parts = [...source.matchAll(/`([a-z-]*)\$\{[^}]*\}([a-z-]*)`/g)].map((match) => [match[1] ?? "", match[2] ?? ""]);
const put = (id: string): boolean =>
  parts.some(([start = "", end = ""]) => start + end !== "" && id.startsWith(start) && id.endsWith(end));
for (const id of first.found.keys()) if (!whole.has(id) && !put(id)) say(`${id} is not used`);
for (const match of source.matchAll(/\bt\("([^"]+)"/g)) {
  if (!first.found.has(match[1] ?? "")) say(`${match[1] ?? ""} is asked for and is in no catalogue`);
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`catalogues: ${languages.join(", ")}, ${first.found.size} messages each`);

/**
 * Compiles the Fluent catalogues when building, so that phones need neither parser nor resolver, in four parts: what
 * is said on the way in (`app.ftl?arrival`), behind the lock (`app.ftl?inside`), there about the person
 * (`app.ftl?about`), and to somebody without a letter (`app.ftl?referral`).
 */
import { readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";
import type { Catalogue, Pattern } from "../src/pattern.ts";

/** The parts, in their order in every catalogue, and the lines between them. */
const PARTS = ["arrival", "inside", "about", "referral"] as const;
const LINES = ["## Behind the lock", "## About the person", "## Without a letter"];
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

type Source = NonNullable<FluentResource["body"][number]["value"]>;
type Element = Exclude<Source, string>[number];
type Placeable = Exclude<Exclude<Pattern, string>[number], string>;

/** Throws for whatever src/pattern.ts has no words for: terms, references, functions, literals, exact numbers. */
function placeable(element: Exclude<Element, string>, where: string): Placeable {
  if (element.type === "var") return [element.name];
  if (element.type !== "select" || element.selector.type !== "var") {
    throw new Error(`${where}: phones cannot say a ${element.type}`);
  }
  const other = element.variants[element.star];
  if (!other) throw new Error(`${where}: nothing is said otherwise`);
  const variants = element.variants
    .filter((variant) => variant !== other)
    .map(({ key, value }): [string, Pattern] => {
      const category = String(key.value);
      if (!CATEGORIES.includes(category)) throw new Error(`${where}: only plural categories choose here`);
      return [category, compiled(value, where)];
    });
  return [element.selector.name, Object.fromEntries(variants), compiled(other.value, where)];
}

function compiled(source: Source, where: string): Pattern {
  if (typeof source === "string") return source;
  return source.map((element) => (typeof element === "string" ? element : placeable(element, where)));
}

function messages(text: string): Catalogue {
  const found = new FluentResource(text).body.map(({ id, value, attributes }): [string, Pattern] => {
    if (value === null || Object.keys(attributes).length > 0) throw new Error(`${id}: a message is one text`);
    return [id, compiled(value, id)];
  });
  return Object.fromEntries(found);
}

/** The part's messages. */
export function part(catalogue: string, name: (typeof PARTS)[number]): Catalogue {
  const found = [...catalogue.matchAll(/^## .*$/gm)].map(([line]) => line);
  if (String(found) !== String(LINES)) throw new Error(`these lines divide a catalogue: ${LINES.join(", ")}`);
  return messages(catalogue.split(/^## .*$/m)[PARTS.indexOf(name)] ?? "");
}

/** With the name of a catalogue beside the app's, its words come with those on the way in, and go before the app's own. */
export function catalogues(beside?: string): Plugin {
  return {
    name: "fluent-catalogues",
    enforce: "pre",
    load(id) {
      const match = /^(.*\.ftl)\?(\w+)$/.exec(id);
      const [, file, asked] = match ?? [];
      const name = PARTS.find((each) => each === asked);
      if (!file || !name) return null;
      this.addWatchFile(file);
      const said = part(readFileSync(file, "utf8"), name);
      if (!beside) return `export default ${JSON.stringify(said)}`;
      const other = file.replace(/app\.ftl$/, `${beside}.ftl`);
      this.addWatchFile(other);
      const own = Object.entries(messages(readFileSync(other, "utf8"))).filter(([id]) => name === "arrival" || id in said);
      return `export default ${JSON.stringify({ ...said, ...Object.fromEntries(own) })}`;
    },
  };
}

/**
 * Compiles the Fluent catalogues when building, so that phones need neither parser nor resolver, in two parts: what is
 * said on the way in (`app.ftl?arrival`), and what is said behind the lock (`app.ftl?inside`).
 */
import { readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";
import type { Catalogue, Pattern } from "../src/pattern.ts";

/** The line between the parts, in every catalogue. */
const LINE = "## Behind the lock";
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

/** The part's messages. */
export function part(catalogue: string, name: "arrival" | "inside"): Catalogue {
  const [arrival, inside, more] = catalogue.split(LINE);
  if (arrival === undefined || inside === undefined || more !== undefined) throw new Error(`one line must say ${LINE}`);
  const { body } = new FluentResource(name === "arrival" ? arrival : inside);
  const messages = body.map(({ id, value, attributes }): [string, Pattern] => {
    if (value === null || Object.keys(attributes).length > 0) throw new Error(`${id}: a message is one text`);
    return [id, compiled(value, id)];
  });
  return Object.fromEntries(messages);
}

export function catalogues(): Plugin {
  return {
    name: "fluent-catalogues",
    enforce: "pre",
    load(id) {
      const match = /^(.*\.ftl)\?(arrival|inside)$/.exec(id);
      const [, file, name] = match ?? [];
      if (!file || (name !== "arrival" && name !== "inside")) return null;
      this.addWatchFile(file);
      return `export default ${JSON.stringify(part(readFileSync(file, "utf8"), name))}`;
    },
  };
}

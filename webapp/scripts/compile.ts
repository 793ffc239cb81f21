/**
 * Reads the Fluent catalogues when building, so that phones need no parser, and in two parts: what is said on the way
 * in (`app.ftl?arrival`), and what is said behind the lock (`app.ftl?inside`).
 */
import { readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

/** The line between the parts, in every catalogue. */
const LINE = "## Behind the lock";

/** The part's messages as `FluentBundle.addResource` takes them. */
export function part(catalogue: string, name: "arrival" | "inside"): FluentResource {
  const [arrival, inside, more] = catalogue.split(LINE);
  if (arrival === undefined || inside === undefined || more !== undefined) throw new Error(`one line must say ${LINE}`);
  return new FluentResource(name === "arrival" ? arrival : inside);
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

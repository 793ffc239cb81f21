/** On the offline page a module of src/offline stands in for the one of src with the same path. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Plugin } from "vite";

const SRC = resolve(import.meta.dirname, "../src");
const OWN = resolve(SRC, "offline");

/** The path of the stand-in; null where there is none. */
export function standIn(path: string): string | null {
  const within = relative(SRC, path);
  if (within.startsWith("..") || !relative(OWN, path).startsWith("..")) return null;
  const own = resolve(OWN, within);
  return existsSync(own) ? own : null;
}

export function standIns(): Plugin {
  return {
    name: "stand-ins",
    enforce: "pre",
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && standIn(found.id);
    },
  };
}

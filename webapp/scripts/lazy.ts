/**
 * Leaves Vite's loader of style sheets and preloads out of the bundle: the page has one style sheet, loaded at the
 * start, and preloads nothing. Refuses to build once a part brings a style sheet of its own, which that loader is for.
 */
import type { Plugin } from "vite";

const HELPER = "\0vite/preload-helper.js";

export function plainImports(): Plugin {
  return {
    name: "plain-imports",
    apply: "build",
    enforce: "pre",
    load: {
      order: "pre",
      handler: (id) => (id === HELPER ? "export const __vitePreload = (load) => load();" : null),
    },
    generateBundle(_options, bundle) {
      const sheets = Object.keys(bundle).filter((name) => name.endsWith(".css"));
      if (sheets.length > 1) this.error(`one style sheet only, or parts come without theirs: ${sheets.join(", ")}`);
    },
  };
}

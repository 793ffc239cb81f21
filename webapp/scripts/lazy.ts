/**
 * How the parts of the app come after the first.
 *
 * A browser that once failed to fetch a module may not ask for it again while the page lives (Chromium does not), so
 * each part is fetched before it is imported: the import then finds it in the browser's cache, and what a bad network
 * lost is asked for anew. This stands in for Vite's own loader, which brings style sheets and preloads along.
 *
 * Each part is one file, so that none waits a round trip for another that is found only inside it: no style sheet but
 * the page's, and no loader of CommonJS shared by several parts. Refuses to build otherwise.
 */
import type { Plugin } from "vite";

const HELPER = "\0vite/preload-helper.js";
const LOADER = `export const __vitePreload = async (load, _others, base) => {
  const [, file] = /import\\(.([^)]+).\\)/.exec(load) ?? [];
  const answer = await fetch(new URL(file, base));
  if (!answer.ok) throw new Error(answer.status);
  await answer.blob();
  return load();
};`;
const COMMONJS = /\/jsqr\/dist\/jsQR\.js$/;

export function plainImports(): Plugin {
  return {
    name: "plain-imports",
    apply: "build",
    enforce: "pre",
    load: {
      order: "pre",
      handler: (id) => (id === HELPER ? LOADER : null),
    },
    transform: {
      order: "pre",
      filter: { id: COMMONJS },
      handler: (code) => `const module = { exports: {} }, exports = module.exports;\n${code}\nexport default module.exports.default;`,
    },
    generateBundle(_options, bundle) {
      const sheets = Object.keys(bundle).filter((name) => name.endsWith(".css"));
      const loader = Object.keys(bundle).find((name) => name.includes("rolldown-runtime"));
      if (loader) this.error(`a library comes as CommonJS: ${loader} would be a file that parts wait for`);
      if (sheets.length > 1) this.error(`one style sheet only, or parts come without theirs: ${sheets.join(", ")}`);
    },
  };
}

/**
 * How the parts of the app come after the first.
 *
 * A browser that once failed to fetch a module may not ask for it again while the page lives (Chromium does not), so
 * each part is fetched before it is imported: the import then finds it in the browser's cache, and what a bad network
 * lost is asked for anew, twice at once and whenever it is needed. This stands in for Vite's own loader, which brings style sheets and preloads along.
 *
 * Each part is one file, so that none waits a round trip for another that is found only inside it: no style sheet but
 * the page's, no loader of CommonJS shared by several parts, and the line that makes a part's namespace stands, shorter
 * than the bundler's own, in each part that needs it. Refuses to build otherwise.
 */
import type { Plugin, Rolldown } from "vite";

const HELPER = "\0vite/preload-helper.js";
const LOADER = `export const __vitePreload = async (load, _others, base) => {
  const [, file] = /import\\(.([^)]+).\\)/.exec(load) ?? [];
  const ask = async () => {
    const answer = await fetch(new URL(file, base));
    if (!answer.ok) throw new Error(answer.status);
    await answer.blob();
  };
  await ask().catch(ask).catch(ask);
  return load();
};`;
const COMMONJS = /\/jsqr\/dist\/jsQR\.js$/;

/** All that the bundler's own file may hold: the one helper that makes a namespace, under one name. */
const HELPER_LINE = /^var [^]*Symbol\.toStringTag[^]*;export\{(\w+)\};\s*$/;
/** The same, but for what nobody asks a namespace: what it is. */
const NAMESPACE = "e=>{let t={};for(let n in e)Object.defineProperty(t,n,{get:e[n]});return t}";

/** Puts the bundler's helper where it is used, in place of its file. False when that holds more than the one. */
function inline(helper: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): boolean {
  const [, name] = HELPER_LINE.exec(helper.code) ?? [];
  if (name === undefined) return false;
  const users = Object.values(bundle).filter((part) => part.type === "chunk" && part.imports.includes(helper.fileName));
  for (const part of users as Rolldown.OutputChunk[]) {
    const file = helper.fileName.split("/").at(-1) ?? "";
    const asked = new RegExp(`import\\{${name}(?: as (\\w+))?\\}from"\\./${file}";`);
    part.code = part.code.replace(asked, (_whole, as = name) => `var ${String(as)}=${NAMESPACE};`);
    part.imports = part.imports.filter((other) => other !== helper.fileName);
    if (part.code.includes(file)) return false;
  }
  Reflect.deleteProperty(bundle, helper.fileName);
  return true;
}

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
      const helper = Object.values(bundle).find((part) => part.type === "chunk" && part.name === "rolldown-runtime");
      if (helper?.type === "chunk" && !inline(helper, bundle)) {
        this.error(`a library comes as CommonJS: ${helper.fileName} would be a file that parts wait for`);
      }
      if (sheets.length > 1) this.error(`one style sheet only, or parts come without theirs: ${sheets.join(", ")}`);
    },
  };
}

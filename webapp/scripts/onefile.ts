/**
 * Makes the offline page one file: its script and its style stand in it, and its policy allows these two by their
 * hashes and nothing else, no network above all. Refuses to build otherwise. Prints the hash by which the file is known.
 */
import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

const HELPER = "\0vite/preload-helper.js";
/** Parts that are fetched elsewhere are in the file: nothing is loaded, and there are no names of files to fill in. */
const LOADER = "export const __vitePreload = (load) => load();";
const NAMES = "__VITE_PRELOAD__";
const LARGEST = 400_000;
const SCRIPT = /<script type="module"[^>]*><\/script>\s*/;
const STYLE = /<link rel="stylesheet"[^>]*>\s*/;
const MARK = "<!-- policy -->";

const sha256 = (text: string, form: "hex" | "base64"): string => createHash("sha256").update(text).digest(form);

/** The page's policy, for exactly this script and this style. */
export function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${sha256(script, "base64")}'`,
    `style-src 'sha256-${sha256(style, "base64")}'`,
    "connect-src 'none'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** The page with both inside. Throws when it is not the page that was written for this. */
export function joined(page: string, script: string, style: string): string {
  // Inside a script element these two would begin something else.
  const safe = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--").trim();
  const bare = page.replace(STYLE, "").replace(SCRIPT, "");
  if (!bare.includes(MARK) || /<(script|link rel="(?!icon))/.test(bare)) throw new Error("the page names something else");
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(safe, style)}" />`;
  return bare
    .replace(MARK, () => meta)
    .replace("</head>", () => `<style>${style}</style>\n  </head>`)
    .replace("</body>", () => `<script type="module">${safe}</script>\n  </body>`);
}

export function oneFile(): Plugin {
  return {
    name: "one-file",
    apply: "build",
    enforce: "post",
    load: {
      order: "pre",
      handler: (id) => (id === HELPER ? LOADER : null),
    },
    generateBundle(_options, bundle) {
      const parts = Object.values(bundle);
      const chunks = parts.filter((part): part is Rolldown.OutputChunk => part.type === "chunk");
      const asset = (end: string): Rolldown.OutputAsset[] =>
        parts.filter((part): part is Rolldown.OutputAsset => part.type === "asset" && part.fileName.endsWith(end));
      const [[page, ...pages], [style, ...styles]] = [asset(".html"), asset(".css")];
      const [script, ...scripts] = chunks;
      const more = parts.length > 3 || pages.length + styles.length + scripts.length > 0;
      if (!page || !style || !script || more) return this.error(`one page, script and style: ${Object.keys(bundle).join(", ")}`);
      const text = joined(String(page.source), script.code.replaceAll(NAMES, "[]"), String(style.source).trim());
      if (text.length > LARGEST) this.error(`the page has ${text.length} characters, more than ${LARGEST}`);
      page.source = text;
      for (const part of [style, script]) Reflect.deleteProperty(bundle, part.fileName);
      const groups = sha256(text, "hex").match(/.{4}/g) ?? [];
      this.info(`${page.fileName}: ${Buffer.byteLength(text)} bytes, SHA-256 ${groups.join(" ")}`);
    },
  };
}

/**
 * What is said aloud where languages are chosen: recordings of an office's own, voices/fa-AF.mp3 and so on, which it
 * puts into its build. Without them the build holds not a byte of what plays them.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import type { Plugin } from "vite";

const FOLDER = join(import.meta.dirname, "../voices");
const NAME = "virtual:voices";

export function voices(wanted: boolean): Plugin {
  const files = wanted && existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith(".mp3")).sort() : [];
  return {
    name: "voices",
    config: () => ({ define: { "import.meta.env.VOICES": String(files.length > 0) } }),
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      const imports = files.map((file, at) => `import f${at} from ${JSON.stringify(`${join(FOLDER, file)}?url&no-inline`)};`);
      const entries = files.map((file, at) => `${JSON.stringify(parse(file).name)}: f${at}`);
      return `${imports.join("\n")}\nexport default { ${entries.join(", ")} };`;
    },
  };
}

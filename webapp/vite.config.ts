import type { PluginOption } from "vite";
import { defineConfig } from "vitest/config";
import { catalogues } from "./scripts/compile.ts";
import { plainImports } from "./scripts/lazy.ts";
import { oneFile } from "./scripts/onefile.ts";
import { standIns } from "./scripts/standins.ts";
import { terseRefusals } from "./scripts/terse.ts";
import { voices } from "./scripts/voices.ts";

interface Page {
  input: string;
  /** A catalogue beside the app's. */
  words?: string;
  /** How its parts come to the phone. */
  delivery: PluginOption[];
}

/** The app, and what `--mode` builds beside it, so that no evacuee loads a byte of the officers' page. */
const app: Page = { input: "index.html", delivery: [plainImports()] };
const beside: Readonly<Record<string, Page>> = {
  officer: { input: "officer.html", words: "officer", delivery: [plainImports()] },
  offline: { input: "offline.html", words: "offline", delivery: [standIns(), oneFile()] },
};

export default defineConfig(({ mode }) => {
  const page = beside[mode] ?? app;
  return {
    // The page is served from an office's own path or opened from a file: no absolute address may be baked in.
    base: "./",
    plugins: [catalogues(page.words), page.delivery, terseRefusals(), voices(page === app)],
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    // The catalogues stand beside the web app, shared with bot and desk.
    server: { fs: { allow: [".."] } },
    build: {
      // The libraries ask for Object.hasOwn anyway (Chrome 93, Safari 15.4), so older syntax would serve nobody.
      target: "es2022",
      modulePreload: false,
      // What scripts/size.ts counts the first load by.
      manifest: page === app,
      emptyOutDir: page === app,
      // The bundle must come out byte for byte the same anywhere (make prove PART=bundle): nothing but content in names.
      // From an `npm ci` of its own, that is: the order of what is bundled goes by paths, so that a linked node_modules counts.
      rolldownOptions: {
        input: page.input,
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/[name]-[hash].js",
          assetFileNames: "assets/[name]-[hash][extname]",
          // One file for each part: a file found only inside another costs a slow line one more round trip.
          codeSplitting:
            mode !== "offline" && {
              groups: [
                { name: "first", test: /\/src\/main\.tsx$/, priority: 2 },
                { name: "core", test: /\/src\/core\.ts$/, priority: 1 },
                { name: "inside", test: /\/src\/inside\.tsx$/ },
              ],
            },
        },
      },
    },
    test: {
      include: ["tests/**/*.test.{ts,tsx}"],
      restoreMocks: true,
      testTimeout: 30_000,
      // vitest leaves one core idle; of two that would be half of them.
      maxWorkers: "100%",
    },
  };
});

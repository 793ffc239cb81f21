import { defineConfig } from "vitest/config";
import { catalogues } from "./scripts/compile.ts";
import { plainImports } from "./scripts/lazy.ts";
import { terseRefusals } from "./scripts/terse.ts";

/** `--mode officer` builds the officers' page beside the app, so that no evacuee loads a byte of it. */
export default defineConfig(({ mode }) => ({
  // The page is served from an office's own path or opened from a file: no absolute address may be baked in.
  base: "./",
  plugins: [catalogues(mode === "officer" ? "officer" : undefined), plainImports(), terseRefusals()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // The catalogues stand beside the web app, shared with bot and desk.
  server: { fs: { allow: [".."] } },
  build: {
    // The libraries ask for Object.hasOwn anyway (Chrome 93, Safari 15.4), so older syntax would serve nobody.
    target: "es2022",
    modulePreload: false,
    // What scripts/size.ts counts the first load by.
    manifest: mode !== "officer",
    emptyOutDir: mode !== "officer",
    // The bundle must come out byte for byte the same anywhere (make prove PART=bundle): nothing but content in names.
    // From an `npm ci` of its own, that is: the order of what is bundled goes by paths, so that a linked node_modules counts.
    rolldownOptions: {
      input: mode === "officer" ? "officer.html" : "index.html",
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // One file for each part: a file found only inside another costs a slow line one more round trip.
        codeSplitting: {
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
  },
}));

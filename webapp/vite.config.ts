import { defineConfig } from "vitest/config";

export default defineConfig({
  // The page is served from an office's own path or opened from a file: no absolute address may be baked in.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // The catalogues stand beside the web app, shared with bot and desk.
  server: { fs: { allow: [".."] } },
  build: {
    // WebViews of cheap phones are old; BigInt is the one thing the cryptography cannot do without.
    target: ["chrome87", "safari14.1"],
    modulePreload: { polyfill: false },
    // What scripts/size.ts counts the first load by.
    manifest: true,
    // The bundle must come out byte for byte the same anywhere: nothing but content in the names.
    rolldownOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});

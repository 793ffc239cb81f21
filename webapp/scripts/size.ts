/**
 * Prints what a phone loads before the first screen, gzipped, and fails above the limit.
 *
 * First load = index.html, its script and style with everything they import at once, and the larger catalogue.
 */
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 60 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8")) as Record<
  string,
  { file: string; css?: string[]; imports?: string[]; isEntry?: boolean; src?: string }
>;
const size = (file: string): number => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

const first = new Set(["index.html"]);
function add(key: string): void {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`the build names no ${key}: run npm run build`);
  first.add(chunk.file);
  for (const css of chunk.css ?? []) first.add(css);
  for (const other of chunk.imports ?? []) add(other);
}
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) add(key);
const catalogues = Object.values(manifest).filter((chunk) => chunk.src?.endsWith("app.ftl?raw"));
if (catalogues.length < 2) throw new Error("the build has no separate catalogues");
const largest = catalogues.map((chunk) => chunk.file).sort((a, b) => size(b) - size(a))[0] ?? "";
first.add(largest);

let total = 0;
for (const file of first) {
  total += size(file);
  console.log(`${String(size(file)).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  first load, gzip (limit ${LIMIT})`);
const later = readdirSync(new URL("assets/", dist))
  .map((name) => `assets/${name}`)
  .filter((file) => !first.has(file));
for (const file of later) console.log(`${String(size(file)).padStart(8)}  ${file} (when needed)`);
if (total > LIMIT) {
  console.error(`first load is ${total - LIMIT} bytes above the limit`);
  process.exitCode = 1;
}

/**
 * Prints what a phone loads, gzipped, and fails when the first load is above the limit.
 *
 * First load = the way in (letter, permissions, PIN, lock) with all cryptographic primitives and the larger language.
 * The screens behind the lock follow while somebody reads or types; they are printed beside it, with the sum.
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
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry || chunk.file.endsWith(".css")) add(key);

/** The larger of a part's catalogues: one phone loads one language. */
function largest(part: string): string {
  const files = Object.values(manifest).filter((chunk) => chunk.src?.endsWith(`app.ftl?${part}`));
  if (files.length < 2) throw new Error(`the build has no separate catalogues for ${part}`);
  return files.map((chunk) => chunk.file).sort((a, b) => size(b) - size(a))[0] ?? "";
}
first.add(largest("arrival"));

let total = 0;
for (const file of first) {
  total += size(file);
  console.log(`${String(size(file)).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  first load, gzip (limit ${LIMIT})`);

const inside = manifest["src/inside.tsx"];
if (!inside) throw new Error("the build has no part behind the lock");
const next = [inside.file, ...(inside.css ?? []), largest("inside")];
for (const file of next) console.log(`${String(size(file)).padStart(8)}  ${file} (behind the lock)`);
const whole = next.reduce((sum, file) => sum + size(file), total);
console.log(`${String(whole).padStart(8)}  to the first sealed message, gzip`);
for (const name of readdirSync(new URL("assets/", dist))) {
  const file = `assets/${name}`;
  if (!first.has(file) && !next.includes(file)) console.log(`${String(size(file)).padStart(8)}  ${file} (when needed)`);
}
if (total > LIMIT) {
  console.error(`first load is ${total - LIMIT} bytes above the limit`);
  process.exitCode = 1;
}

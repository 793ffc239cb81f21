/**
 * Prints what a phone loads, gzipped, and fails when any of the three sums is above its limit.
 *
 * First screen = the page, every file it names, what these import, and the larger language: from then on somebody can
 * read and type. First load = that, and the way in (letter, permissions, PIN, lock) with all cryptographic primitives.
 * To the first sealed message = that, and the screens behind the lock. All of it follows by itself while somebody reads.
 */
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KIB = 1024;
const dist = new URL("../dist/", import.meta.url);
const read = (file: string): Buffer => readFileSync(new URL(file, dist));
const size = (file: string): number => gzipSync(read(file), { level: 9 }).length;

interface Chunk {
  file: string;
  name?: string;
  src?: string;
  css?: string[];
  imports?: string[];
}
const manifest = JSON.parse(read(".vite/manifest.json").toString()) as Record<string, Chunk>;
const chunks = Object.values(manifest);

const counted = new Set<string>();
let total = 0;

/** Counts the file, once, with all it cannot run without. */
function add(file: string): void {
  if (counted.has(file)) return;
  counted.add(file);
  total += size(file);
  console.log(`${String(size(file)).padStart(8)}  ${file}`);
  const { css = [], imports = [] } = chunks.find((chunk) => chunk.file === file) ?? { file };
  for (const other of [...css, ...imports.map((key) => manifest[key]?.file ?? key)]) add(other);
}

function fileOf(name: string): string {
  const found = chunks.find((chunk) => chunk.name === name);
  if (!found) throw new Error(`the build has no part named ${name}: run npm run build`);
  return found.file;
}

/** The larger of a part's catalogues: one phone loads one language. */
function largest(part: string): string {
  const files = chunks.filter((chunk) => chunk.src?.endsWith(`app.ftl?${part}`)).map((chunk) => chunk.file);
  if (files.length < 2) throw new Error(`the build has no separate catalogues for ${part}`);
  return files.sort((a, b) => size(b) - size(a))[0] ?? "";
}

function sum(what: string, limit: number): void {
  console.log(`${String(total).padStart(8)}  ${what}, gzip (limit ${limit})`);
  if (total <= limit) return;
  console.error(`${what} is ${total - limit} bytes above the limit`);
  process.exitCode = 1;
}

add("index.html");
const named = [...read("index.html").toString().matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((match) => match[1] ?? "");
if (named.length < 2) throw new Error("the page names no script or no style");
for (const file of named) add(file);
add(largest("arrival"));
sum("first screen", 24 * KIB);
add(fileOf("core"));
sum("first load", 56 * KIB);
add(fileOf("inside"));
add(largest("inside"));
sum("to the first sealed message", 78 * KIB);
for (const name of readdirSync(new URL("assets/", dist))) {
  const file = `assets/${name}`;
  if (!counted.has(file)) console.log(`${String(size(file)).padStart(8)}  ${file} (when needed)`);
}

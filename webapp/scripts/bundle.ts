/**
 * Seals what was built: gives each page the digests of all that it may run, and writes bundle.json, by which anybody can
 * tell whether what a server hands out is this build.
 *
 * A page names its script and style with their digests, and those of all parts that come later in its import map; the
 * policy in the page lets no other inline script run. So the digest of a page stands for every byte that it runs.
 *
 * The hash of the bundle is that of what `sha256sum` prints for its files, sorted by path. In dist:
 *   find assets *.html -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groups, hashOf } from "../src/bundle.ts";

const dist = join(import.meta.dirname, "../dist");
const read = (file: string): Buffer => readFileSync(join(dist, file));
const digest = (bytes: string | Buffer, as: "hex" | "base64"): string => createHash("sha256").update(bytes).digest(as);
const integrity = (bytes: string | Buffer): string => `sha256-${digest(bytes, "base64")}`;

/** Files in the folder, as paths from dist. */
function filesIn(folder: string): string[] {
  return readdirSync(join(dist, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name));
}

/** Parts that the code in the file names, and what those name in turn. */
function partsOf(file: string, found = new Set<string>()): Set<string> {
  for (const [, name = ""] of read(file).toString().matchAll(/[`"']\.\/([\w-]+\.js)[`"']/g)) {
    const part = `assets/${name}`;
    if (found.has(part)) continue;
    found.add(part);
    partsOf(part, found);
  }
  return found;
}

/** Made by scripts/onefile.ts: it names no other file, and its own policy has the digests of what stands in it. */
const WHOLE = "offline.html";
const TAG = /<(?:script|link)\b[^>]*? (?:src|href)="\.\/([^"]+)"/g;

/** The page with the digests of all it runs. Throws when there is nothing to seal, or it was sealed before. */
function sealed(page: string): string {
  const named = [...page.matchAll(TAG)].map(([, file = ""]) => file);
  const [entry] = named.filter((file) => file.endsWith(".js"));
  if (!entry || page.includes("integrity")) throw new Error("build the pages anew before sealing them");
  const parts = partsOf(entry);
  parts.delete(entry);
  const digests = [...parts].sort().map((part) => [`./${part}`, integrity(read(part))]);
  const map = JSON.stringify({ integrity: Object.fromEntries(digests) as unknown });
  return page
    .replace(TAG, (tag, file: string) => `${tag} integrity="${integrity(read(file))}"`)
    .replace(/ *<script /, (script) => `    <script type="importmap">${map}</script>\n${script}`)
    .replace("script-src 'self'", `script-src 'self' '${integrity(map)}'`);
}

// dist/.vite is for scripts/size.ts: no part of the app, and no server hands it out.
const pages = filesIn("").filter((file) => file.endsWith(".html") && file !== WHOLE);
for (const page of pages) writeFileSync(join(dist, page), sealed(read(page).toString()));
rmSync(join(dist, "bundle.json"), { force: true });
const files = Object.fromEntries([...filesIn(""), ...filesIn("assets")].sort().map((file) => [file, digest(read(file), "hex")]));
const hash = await hashOf(files);
writeFileSync(join(dist, "bundle.json"), `${JSON.stringify({ hash, files }, null, 1)}\n`);
console.log(`bundle ${hash}\n       ${groups(hash).join(" ")}`);

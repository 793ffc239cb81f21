import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { groups, hashOf, ownHash, type Files } from "../../src/bundle.ts";
import { Offline } from "../../src/faults.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const PAGE = `<html lang="en"><meta content="connect-src 'self'; img-src 'self'">`;
const SERVED: Record<string, string> = { "": PAGE, "assets/a.js": "a", "assets/b.js": "b" };
const FILES: Files = { "index.html": digest(PAGE), "assets/a.js": digest("a"), "assets/b.js": digest("b") };

/** The page at /app/, which has loaded `loaded` and whose server hands out `served`. */
function at(served: Record<string, string>, loaded: readonly string[], relay?: string): void {
  const base = "https://relay.example/app/";
  vi.stubGlobal("window", { location: { href: base, pathname: "/app/" } });
  vi.stubGlobal("document", { documentElement: { dataset: { relay } } });
  vi.stubGlobal("performance", { getEntriesByType: () => loaded.map((path) => ({ name: `${base}${path}` })) });
  const files = { ...served, "index.html": served[""], "bundle.json": served["bundle.json"] ?? JSON.stringify({ files: FILES }) };
  vi.stubGlobal("fetch", (url: URL) => {
    const body = (files as Record<string, string | undefined>)[url.pathname.slice("/app/".length)];
    return Promise.resolve(new Response(body ?? null, { status: body === undefined ? 404 : 200 }));
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a hash is what sha256sum makes of what it prints, and read aloud in digits", async () => {
  expect(await hashOf({ b: "2", a: "1" })).toBe(digest("1  a\n2  b\n"));
  expect(groups(digest("")).slice(0, 2)).toEqual(["58288", "50242"]);
  expect(groups(digest(""))).toHaveLength(16);
});

test("a page that was loaded whole says its build's hash, from an origin of its own too", async () => {
  at(SERVED, ["assets/a.js"]);
  expect(await ownHash()).toBe(await hashOf(FILES));
  const told = PAGE.replace('"en"', '"en" data-relay="https://r.example"');
  at({ ...SERVED, "": told.replace("'self';", "'self' https://r.example;") }, [], "https://r.example");
  expect(await ownHash()).toBe(await hashOf(FILES));
});

test.each([
  ["a changed part", { ...SERVED, "assets/a.js": "evil" }, ["assets/a.js"]],
  ["a part of no build", { ...SERVED, "assets/c.js": "c" }, ["assets/c.js"]],
  ["a changed page", { ...SERVED, "": `${PAGE} ` }, []],
  ["a list that is none", { ...SERVED, "bundle.json": "[" }, []],
  ["a list of something else", { ...SERVED, "bundle.json": "{}" }, []],
])("%s has no hash", async (_what, served, loaded) => {
  at(served, loaded);
  expect(await ownHash()).toBeNull();
});

test("what cannot be had now can be asked for later", async () => {
  at(SERVED, ["assets/gone.js"]);
  await expect(ownHash()).rejects.toThrow(Offline);
});

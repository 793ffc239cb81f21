import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { note } from "../figures.ts";
import type { Plain } from "./vectors/plain.ts";
import { topics } from "./vectors/generate.ts";
import { run } from "./vectors/ops.ts";

// Vectors decide between the two languages: py-*.json were made by Python, ts-*.json by TypeScript; both read both.

interface Case {
  readonly name: string;
  readonly op: string;
  readonly in: Plain;
  readonly out: Plain;
  readonly fails: "malformed" | "refused" | null;
}

const folder = new URL("../../../tests/vectors/", import.meta.url);
const files = readdirSync(folder).filter((name) => /^(py|ts)-.*\.json$/.test(name));
const cases = files.map((name) => {
  const file = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as { readonly cases: readonly Case[] };
  return [name, file.cases] as const;
});

describe.each(cases)("%s", (_, all) => {
  test.each(all.map((one) => [one.name, one] as const))("%s", (_name, one) => {
    expect(run(one.op, one.in)).toEqual({ out: one.out, fails: one.fails });
  });
});

test("the TypeScript vectors are what `npm run vectors` writes", () => {
  const made = topics();
  expect(made.map((topic) => topic.file)).toEqual(files.filter((name) => name.startsWith("ts-")));
  for (const topic of made) expect(readFileSync(new URL(topic.file, folder), "utf8") === topic.text).toBe(true);
});

test("there are vectors of both languages, most of them failing cases", () => {
  for (const language of ["py", "ts"]) {
    const all = cases.filter(([name]) => name.startsWith(language)).flatMap(([, list]) => list);
    const failing = all.filter((one) => one.fails !== null).length;
    note(`vectors from ${language}, in TypeScript`, `${all.length} cases, ${failing} of them failing`);
    expect(all.length).toBeGreaterThan(100);
    expect(failing / all.length).toBeGreaterThan(0.5);
  }
});

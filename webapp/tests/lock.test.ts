import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Lock {
  packages: Record<string, { integrity?: string; resolved?: string }>;
}

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")) as Lock;
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");

test("the lock names packages by content and says nowhere to fetch them from", () => {
  expect(packages.length).toBeGreaterThan(20);
  expect(packages.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  expect(packages.filter(([, entry]) => !entry.integrity?.startsWith("sha512-"))).toEqual([]);
});

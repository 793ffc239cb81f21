import { readFileSync } from "node:fs";
import { FluentBundle } from "@fluent/bundle";
import { describe, expect, test } from "vitest";
import { part } from "../../scripts/compile.ts";

const read = (code: string): string =>
  readFileSync(new URL(`../../../locales/${code}/app.ftl`, import.meta.url), "utf8");

function bundle(code: string): FluentBundle {
  const made = new FluentBundle(code, { useIsolating: false });
  for (const name of ["arrival", "inside"] as const) expect(made.addResource(part(read(code), name))).toEqual([]);
  return made;
}

describe("catalogues", () => {
  test("plurals follow the language", () => {
    const say = (code: string, count: number): string => {
      const message = bundle(code).getMessage("home-next-queue")?.value;
      return message ? bundle(code).formatPattern(message, { count, shown: String(count) }) : "";
    };
    expect(say("en", 1)).toMatch(/^One message waits/);
    expect(say("en", 2)).toMatch(/^2 messages wait/);
    expect(say("fa-AF", 2)).toContain("2 پیام");
  });

  test("the way in and what is behind the lock are told apart by one line", () => {
    expect(part(read("en"), "arrival").body.map(({ id }) => id)).toContain("letter-title");
    expect(part(read("en"), "arrival").body.map(({ id }) => id)).not.toContain("home-title");
    expect(() => part("a = b", "arrival")).toThrow("Behind the lock");
  });
});

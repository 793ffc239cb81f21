import { readFileSync } from "node:fs";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { describe, expect, test } from "vitest";
import { part } from "../../scripts/compile.ts";
import { format, type Catalogue } from "../../src/pattern.ts";

const LANGUAGES = ["en", "fa-AF", "ps-AF"];

const read = (code: string): string =>
  readFileSync(new URL(`../../../locales/${code}/app.ftl`, import.meta.url), "utf8");

const whole = (source: string): Catalogue => ({
  ...part(source, "arrival"),
  ...part(source, "inside"),
  ...part(source, "about"),
  ...part(source, "referral"),
});

/** A catalogue with this text on the way in, and nothing behind it. */
const arriving = (text: string): string => `${text}\n## Behind the lock\n## About the person\n## Without a letter\n`;

/** What our own few lines give, and what Fluent itself gives, for each message of a catalogue. */
function both(source: string, code: string, values: Record<string, string | number>): [ours: string[], fluent: string[]] {
  const bundle = new FluentBundle(code);
  expect(bundle.addResource(new FluentResource(source))).toEqual([]);
  const messages = Object.entries(whole(source));
  expect(messages.length).toBe(new FluentResource(source).body.length);
  const plurals = new Intl.PluralRules(code);
  return [
    messages.map(([, pattern]) => format(pattern, values, plurals)),
    messages.map(([id]) => bundle.formatPattern(bundle.getMessage(id)?.value ?? "", values, [])),
  ];
}

describe("catalogues", () => {
  test.each(LANGUAGES)("every message reads as Fluent itself reads it: %s", (code) => {
    const names = new Set([...read(code).matchAll(/\{ ?\$(\w+)/g)].map((match) => match[1] ?? ""));
    const texts = Object.fromEntries([...names].map((name) => [name, `‹${name} ۱۲›`]));
    for (const count of [0, 1, 2, 5, 11, 1000]) {
      const [ours, fluent] = both(read(code), code, { ...texts, count });
      expect(ours).toEqual(fluent);
      expect(ours.join()).toContain("\u2068‹time ۱۲›\u2069");
    }
  });

  test("what is chosen by number, and what is missing, as Fluent does", () => {
    const inner = "{ $n ->\n  [one] z\n *[other] many { $n }\n }";
    const source = `a = { $n ->\n  [one] one { $x }\n *[other] ${inner}!\n }\n## Behind the lock\nb = { $x }\n## About the person\n## Without a letter\n`;
    const cases: Record<string, string | number>[] = [{ n: 1, x: "x" }, { n: 2, x: "x" }, { n: 1 }, { n: "1", x: "" }, {}];
    for (const values of cases) {
      const [ours, fluent] = both(source, "en", values);
      expect(ours).toEqual(fluent);
    }
  });

  test("plurals follow the language", () => {
    const say = (code: string, count: number): string =>
      format(whole(read(code))["home-next-queue"] ?? "", { count, shown: String(count) }, new Intl.PluralRules(code));
    expect(say("en", 1)).toMatch(/^One message waits/);
    expect(say("en", 2)).toMatch(/^\u20682\u2069 messages wait/);
    expect(say("fa-AF", 2)).toContain("2\u2069 پیام");
    expect([say("ps-AF", 1), say("ps-AF", 2)].map((text) => text.split(" ")[1])).toEqual(["پیغام", "پیغامونه"]);
  });

  test("what phones could not say is refused when building", () => {
    const choice = (key: string): string => `a = { $n ->\n    [${key}] one\n   *[other] more\n }`;
    expect(part(arriving(choice("one")), "arrival")).toEqual({ a: [["n", { one: "one" }, "more"]] });
    const faults = ["a = { b }", "a = { -b }", "a = { NUMBER($n) }", 'a = { "b" }', "a =\n  .b = c"];
    for (const fault of [...faults, choice("1"), choice("male")]) {
      expect(() => part(arriving(fault), "arrival"), fault).toThrow();
    }
  });

  test("the parts are told apart by the lines between them", () => {
    const first = { arrival: "letter-title", inside: "home-title", about: "casefile-lead", referral: "stranger-title" } as const;
    for (const name of Object.keys(first) as (keyof typeof first)[]) {
      const held = Object.entries(first).filter(([, id]) => id in part(read("en"), name));
      expect(held).toEqual([[name, first[name]]]);
    }
    for (const text of ["a = b", "## About the person\n## Behind the lock\n", `${arriving("a = b")}## Behind the lock`]) {
      expect(() => part(text, "arrival")).toThrow("Behind the lock");
    }
  });
});

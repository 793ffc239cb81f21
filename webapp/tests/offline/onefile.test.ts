import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { joined } from "../../scripts/onefile.ts";
import { standIn } from "../../scripts/standins.ts";

const written = readFileSync(new URL("../../offline.html", import.meta.url), "utf8");
/** As the bundler leaves it: its own script in the head, and the style. */
const page = written
  .replace(/ *<script type="module" src="[^"]*"><\/script>\n/, "")
  .replace("</head>", '<script type="module" crossorigin src="./assets/a.js"></script><link rel="stylesheet" crossorigin href="./assets/a.css"></head>');
const src = (path: string): string => new URL(`../../src/${path}`, import.meta.url).pathname;

describe("one file", () => {
  test("names nothing else, and its policy allows these very bytes and no network", () => {
    const text = joined(page, 'const a = "</script><!-- $& -->";', "b{color:red}");
    const [, script = ""] = /<script type="module">([^]*?)<\/script>/.exec(text) ?? [];
    const [, style = ""] = /<style>([^]*?)<\/style>/.exec(text) ?? [];
    expect(script).toBe('const a = "<\\/script><\\!-- $& -->";');
    expect(style).toBe("b{color:red}");
    const [, policy = ""] = /content="(default-src[^"]*)"/.exec(text) ?? [];
    for (const each of [script, style]) expect(policy).toContain(`'sha256-${createHash("sha256").update(each).digest("base64")}'`);
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/src=|href="(?!data:)/);
    // Nothing that runs stands before what forbids it.
    expect(text.indexOf("Content-Security-Policy")).toBeLessThan(text.indexOf("<style>"));
  });

  test("a page that names another script, or has no place for a policy, is not built", () => {
    expect(() => joined(page.replace("</body>", '<script src="./more.js"></script></body>'), "", "")).toThrow("something else");
    expect(() => joined(page.replace("<!-- policy -->", ""), "", "")).toThrow("something else");
  });

  test("nothing that speaks to a relay or to Telegram is in it", () => {
    for (const path of ["relay.ts", "bridge.ts", "outbox.ts", "disk.ts", "screens/answer.tsx"]) {
      expect(standIn(src(path))).toBe(src(`offline/${path}`));
    }
    expect([standIn(src("mail.ts")), standIn(src("offline/relay.ts")), standIn("/elsewhere/relay.ts")]).toEqual([null, null, null]);
  });
});

import { expect, test } from "vitest";
import { terse, terseLibrary } from "../../scripts/terse.ts";

test("only why a check refused is left out", () => {
  const kept = 'check("card", a, b);\nt("next");\nthrow new Error("the letter is gone");\nrefuseUnless(equal(a, "b"));\n';
  expect(terse(kept)).toBe(kept);
  const said = 'refuseUnless(a === "x" && f(b, "y"), "no");\nmalformedUnless(\n  a,\n  "no",\n);\nthrow new Refused("no");\n';
  expect(terse(said)).toBe(
    'refuseUnless(a === "x" && f(b, "y"), "");\nmalformedUnless(\n  a,\n  "",\n);\nthrow new Refused("");\n',
  );
});

test("a library refuses as before, and does not say why", () => {
  const kept = 'throw new Error(\n  "no",\n);\nthrow new Error("no")\nwipe(key);\nthrow error;\n';
  expect(terseLibrary(kept)).toBe(kept);
  const said = 'if (n < 0) throw new RangeError("bad n " + n);\nthrow new Error(`no ${f(n)}`);\nwipe(key);\n';
  expect(terseLibrary(said)).toBe("if (n < 0) throw new RangeError();\nthrow new Error();\nwipe(key);\n");
});

import { expect, test } from "vitest";
import { terse } from "../../scripts/terse.ts";

test("only why a check refused is left out", () => {
  const kept = 'check("card", a, b);\nt("next");\nthrow new Error("the letter is gone");\nrefuseUnless(equal(a, "b"));\n';
  expect(terse(kept)).toBe(kept);
  const said = 'refuseUnless(a === "x" && f(b, "y"), "no");\nmalformedUnless(\n  a,\n  "no",\n);\nthrow new Refused("no");\n';
  expect(terse(said)).toBe(
    'refuseUnless(a === "x" && f(b, "y"), "");\nmalformedUnless(\n  a,\n  "",\n);\nthrow new Refused("");\n',
  );
});

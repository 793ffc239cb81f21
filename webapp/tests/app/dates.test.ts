import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { brief, clock, day } from "../../src/dates.ts";
import { asciiDigits, digits } from "../../src/digits.ts";

interface Vector {
  at: number;
  en: string[];
  "fa-AF": string[];
}

const { vectors } = JSON.parse(readFileSync(new URL("dates.json", import.meta.url), "utf8")) as { vectors: Vector[] };

describe("dates", () => {
  test.each(vectors)("$at", (vector) => {
    for (const language of ["en", "fa-AF"] as const) {
      const { weekday, solar, gregorian, time } = day(vector.at, language);
      expect([weekday, solar, gregorian, time]).toEqual(vector[language]);
    }
  });

  test("the machine's own zone plays no part", () => {
    const before = process.env["TZ"];
    try {
      for (const zone of ["America/New_York", "Pacific/Auckland", "UTC"]) {
        process.env["TZ"] = zone;
        expect(clock(1628985600, "en")).toBe("04:30");
      }
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });

  test("a list shows the time alone today, and the day before it otherwise", () => {
    expect(brief(1628985600, 1628985600 + 3600, "en")).toBe("04:30");
    expect(brief(1628985600, 1628985600 + 86_400, "en")).toBe("24 Asad 04:30");
  });

  test("digits go both ways in each script", () => {
    expect(digits("13:05", "fa-AF")).toBe("۱۳:۰۵");
    expect(digits("13:05", "en")).toBe("13:05");
    expect(asciiDigits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ x")).toBe("0123456789 0123456789 x");
  });
});

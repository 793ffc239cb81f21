import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { brief, clock, day } from "../../src/dates.ts";
import { asciiDigits, digits } from "../../src/digits.ts";
import { LANGUAGES, type Language } from "../../src/strings.ts";

type Said = [weekday: string, solar: string, gregorian: string, time: string];

interface Moment extends Record<Language, Said> {
  at: number;
}

interface Month extends Moment {
  year: number;
  month: number;
  /** The Gregorian date and the weekday (0 is Sunday) of its first day. */
  first: string;
  weekday: number;
  days: number;
}

interface Vectors {
  names: { language: string; solar: string[]; gregorian: string[]; days: string[] }[];
  months: Month[];
  moments: Moment[];
}

const file = new URL("../../../tests/vectors/dates.json", import.meta.url);
const { names, months, moments } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const DAY = 86_400;
const KABUL = 270 * 60;

const said = (at: number, language: Language): Said => {
  const { weekday, solar, gregorian, time } = day(at, language);
  return [weekday, solar, gregorian, time];
};

describe.each(LANGUAGES.map((entry) => entry.code))("dates: %s", (language) => {
  const own = names.find((each) => each.language === language);

  test("every day of 1396 to 1420", () => {
    expect(months.length).toBe(25 * 12);
    for (const { year, month, first, weekday, days } of months) {
      for (let passed = 0; passed < days; passed++) {
        const begins = Date.parse(first) / 1000 + passed * DAY;
        const on = new Date(begins * 1000);
        const expected = [
          own?.days[(weekday + passed) % 7],
          `${passed + 1} ${own?.solar[month - 1]} ${year}`,
          `${on.getUTCDate()} ${own?.gregorian[on.getUTCMonth()]} ${on.getUTCFullYear()}`,
          "23:59",
        ];
        expect(said(begins + DAY - 1 - KABUL, language)).toEqual(expected.map((each) => digits(each ?? "", language)));
      }
    }
  });

  test("moments", () => {
    for (const vector of [...months, ...moments]) expect(said(vector.at, language)).toEqual(vector[language]);
  });
});

describe("dates", () => {
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
    expect(digits("13:05", "ps-AF")).toBe("۱۳:۰۵");
    expect(digits("13:05", "en")).toBe("13:05");
    expect(asciiDigits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ x")).toBe("0123456789 0123456789 x");
  });
});

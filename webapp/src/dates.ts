/**
 * Dates as people in Afghanistan read them: Solar Hijri with Dari or Pashto month names beside Gregorian, 24-hour Kabul time.
 *
 * `Intl` gives Iranian month names and the wrong order, so it is asked for one thing only: Kabul's offset from UTC.
 */
import { toJalaali } from "jalaali-js";
import { digits } from "./digits.ts";
import type { Language } from "./strings.ts";

/** The week as it is spoken in Afghanistan, in Dari and in Pashto. */
const WEEK = ["یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"];
const MONTHS: Record<Language, { solar: readonly string[]; gregorian: readonly string[]; days: readonly string[] }> = {
  "fa-AF": {
    solar: ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"],
    gregorian: [
      "جنوری", "فبروری", "مارچ", "اپریل", "می", "جون", "جولای", "اگست", "سپتمبر", "اکتوبر", "نومبر", "دسمبر",
    ],
    days: WEEK,
  },
  "ps-AF": {
    solar: ["وری", "غویی", "غبرګولی", "چنګاښ", "زمری", "وږی", "تله", "لړم", "لیندۍ", "مرغومی", "سلواغه", "کب"],
    gregorian: [
      "جنوري", "فبروري", "مارچ", "اپریل", "مۍ", "جون", "جولای", "اګست", "سپتمبر", "اکتوبر", "نومبر", "دسمبر",
    ],
    days: WEEK,
  },
  en: {
    solar: ["Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sunbula", "Mizan", "Aqrab", "Qaws", "Jadi", "Dalw", "Hut"],
    gregorian: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  },
};

/** Made when first asked for, and once: it takes far longer to make than to use. */
let format: Intl.DateTimeFormat | undefined;

/** The wall clock in Kabul as fields of a UTC date. */
function kabul(seconds: number): Date {
  format ??= new Intl.DateTimeFormat("en-US-u-nu-latn", { timeZone: "Asia/Kabul", timeZoneName: "longOffset" });
  const parts = format.formatToParts(new Date(seconds * 1000));
  const zone = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const match = /([+-])(\d{2}):?(\d{2})/.exec(zone);
  const sign = match?.[1] === "-" ? -1 : 1;
  // Old engines cannot name the offset; Kabul has stood at +4:30 since 1945.
  const minutes = match ? sign * (Number(match[2]) * 60 + Number(match[3])) : 270;
  return new Date((seconds + minutes * 60) * 1000);
}

export interface Day {
  weekday: string;
  solar: string;
  gregorian: string;
  time: string;
}

/** One moment (unix seconds) in all the ways a notice shows it. */
export function day(seconds: number, language: Language): Day {
  const at = kabul(seconds);
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const solar = toJalaali(year, month + 1, date);
  const names = MONTHS[language];
  const write = (text: string): string => digits(text, language);
  return {
    weekday: names.days[at.getUTCDay()] ?? "",
    solar: write(`${solar.jd} ${names.solar[solar.jm - 1] ?? ""} ${solar.jy}`),
    gregorian: write(`${date} ${names.gregorian[month] ?? ""} ${year}`),
    time: clock(seconds, language),
  };
}

/** 24-hour Kabul time, `05:07`. */
export function clock(seconds: number, language: Language): string {
  const at = kabul(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  return digits(`${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`, language);
}

/** Short form for a list: the time when it is today in Kabul, otherwise day and month. */
export function brief(seconds: number, now: number, language: Language): string {
  const at = day(seconds, language);
  if (at.gregorian === day(now, language).gregorian) return at.time;
  return `${at.solar.replace(/ \S+$/, "")} ${at.time}`;
}

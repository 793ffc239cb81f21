/** Digits in the script of a language. */
import type { Language } from "./strings.ts";

const PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹";

/** Writes the digits of a text in the script of the language. */
export function digits(text: string | number, language: Language): string {
  const plain = String(text);
  return language === "en" ? plain : plain.replace(/\d/g, (digit) => PERSIAN_DIGITS[Number(digit)] ?? digit);
}

/** Reads Persian and Arabic digits as ASCII ones; everything else stays. */
export function asciiDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}

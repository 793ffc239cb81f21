/**
 * Messages as scripts/compile.ts leaves them from the Fluent catalogues, and how they become text: only what our
 * catalogues use of Fluent, so that phones load neither its parser nor its resolver.
 */

/** A value by its name; or a choice by a number's plural category, with the variants and what is said otherwise. */
type Placeable = readonly [name: string] | readonly [name: string, variants: Record<string, Pattern>, other: Pattern];
export type Pattern = string | readonly (string | Placeable)[];
/** Message id -> its pattern. */
export type Catalogue = Readonly<Record<string, Pattern>>;
export type Values = Readonly<Record<string, string | number>>;

// First strong isolate and its end: they keep codes readable inside Dari.
const FSI = "\u2068";
const PDI = "\u2069";

/** The text, as Fluent would give it: a placeable is isolated unless it stands alone. */
export function format(pattern: Pattern, values: Values, plurals: Intl.PluralRules): string {
  if (typeof pattern === "string") return pattern;
  const text = (part: string | Placeable): string => {
    if (typeof part === "string") return part;
    const [name, variants, other] = part;
    const value = values[name];
    const filled =
      other === undefined
        ? String(value ?? `{$${name}}`)
        : format((typeof value === "number" ? variants?.[plurals.select(value)] : undefined) ?? other, values, plurals);
    return pattern.length > 1 ? FSI + filled + PDI : filled;
  };
  return pattern.map(text).join("");
}

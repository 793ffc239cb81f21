/**
 * Leaves out, when building, why a check refused: that is said to tests and developers. A phone stops or goes on by the
 * class of the error, and has words of its own for it.
 */
import type { Plugin } from "vite";

/** The reason as the last argument of a check, one plain string in its own call. */
const REASON = /\b((?:refuse|malformed)Unless\([^;]*?,\s*)"[^"\n]*"(,?\s*\);)/g;
const THROWN = /\b(new (?:Refused|Malformed|Behind)\()"[^"\n]*"\)/g;

export function terse(code: string): string {
  return code.replace(REASON, '$1""$2').replace(THROWN, '$1"")');
}

export function terseRefusals(): Plugin {
  return {
    name: "terse-refusals",
    apply: "build",
    enforce: "pre",
    transform: { filter: { id: /\/src\/(?:protocol\/)?[a-z]+\.ts$/ }, handler: terse },
  };
}

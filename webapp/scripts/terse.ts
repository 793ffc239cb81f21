/**
 * Leaves out, when building, why a check refused: that is said to tests and developers. A phone stops or goes on by the
 * class of the error, and has words of its own for it. Of the cryptographic libraries too, which say most.
 */
import type { Plugin } from "vite";

/** The reason as the last argument of a check, one plain string in its own call. */
const REASON = /\b((?:refuse|malformed)Unless\([^;]*?,\s*)"[^"\n]*"(,?\s*\);)/g;
const THROWN = /\b(new (?:Refused|Malformed|Behind)\()"[^"\n]*"\)/g;
/** As these libraries write it: on one line, with its semicolon. */
const LIBRARY = /\bthrow new ((?:Range|Type)?Error)\([^;\n]*\);/g;

export function terseLibrary(code: string): string {
  return code.replace(LIBRARY, "throw new $1();");
}

export function terse(code: string): string {
  return code.replace(REASON, '$1""$2').replace(THROWN, '$1"")');
}

export function terseRefusals(): Plugin[] {
  const plugin = (name: string, id: RegExp, handler: (code: string) => string): Plugin => ({
    name,
    apply: "build",
    enforce: "pre",
    transform: { filter: { id }, handler },
  });
  return [
    plugin("terse-refusals", /\/src\/(?:protocol\/)?[a-z]+\.ts$/, terse),
    plugin("terse-libraries", /\/node_modules\/@noble\/.*\.js$/, terseLibrary),
  ];
}

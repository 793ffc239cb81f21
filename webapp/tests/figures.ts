import { appendFileSync } from "node:fs";

/** Prints a figure, and adds it to the file named by QASID_FIGURES when `make prove` asked for it. */
export function note(name: string, value: string): void {
  console.log(`figure: ${name}: ${value}`);
  const path = process.env["QASID_FIGURES"];
  if (path) appendFileSync(path, `${JSON.stringify({ name, value })}\n`);
}

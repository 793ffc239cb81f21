/** What keeps the PINs of people on one phone apart: a further person's ends in two digits which nobody's here does. */
import * as safes from "./safes.ts";

/** Two such digits, drawn at random. Nobody's PIN is looked at, so nobody is told anything about another's. */
export async function freeTail(): Promise<string> {
  const used = (await safes.read())?.safes.map(({ tail }) => tail) ?? [];
  const free = Array.from({ length: 100 }, (_, at) => String(at).padStart(2, "0")).filter((tail) => !used.includes(tail));
  const [draw = 0] = crypto.getRandomValues(new Uint32Array(1));
  const tail = free[draw % free.length];
  if (tail === undefined) throw new Error("no more people fit on this phone");
  return tail;
}

/** Whether ten wrong PINs in a row erase what the person who is in keeps here. Each wishes it for themselves alone. */
import * as safes from "./safes.ts";
import { whose } from "./state.ts";

export async function isFragile(): Promise<boolean> {
  const locks = await safes.read();
  return locks?.safes.some(({ id, fragile }) => id === whose() && fragile) ?? false;
}

export async function setFragile(fragile: boolean): Promise<void> {
  const locks = await safes.read();
  if (!locks) return;
  await safes.write({ ...locks, safes: locks.safes.map((safe) => (safe.id === whose() ? { ...safe, fragile } : safe)) });
}

/** What takes the PIN: settling in behind it, and opening with it. */
import { persist } from "./disk.ts";
import { farewell, firstParts } from "./enrol.ts";
import { wipe } from "./gate.ts";
import * as lock from "./lock.ts";
import { Safe } from "./safe.ts";
import { another, get, newcomer, unseal, type Purpose } from "./state.ts";
import { beginAt } from "./time.ts";

/** Sets the PIN and keeps everything from here on, in a safe of its own. */
export async function settleIn(pin: string, consents: Record<Purpose, boolean>): Promise<void> {
  const arriving = newcomer.value;
  if (!arriving) throw new Error("nobody arrives");
  const own = { tail: another.value ?? "", farewell: farewell(arriving.keys) };
  const made = await lock.create(pin, own, ({ key, id }) => new Safe(key, id).save({ ...firstParts(arriving, consents) }));
  await unseal(new Safe(made.key, made.id));
  await persist();
  newcomer.value = null;
  another.value = null;
}

/** Opens the safe whose PIN this is. */
export async function unlock(pin: string): Promise<lock.Unlocked> {
  const result = await lock.unlock(pin, Math.floor(Date.now() / 1000));
  if (result.state === "open") {
    await unseal(new Safe(result.key, result.id));
    beginAt(get("office").floor);
  } else if (result.state === "wrong") {
    for (const id of result.spent ?? []) await wipe(id);
  }
  return result;
}

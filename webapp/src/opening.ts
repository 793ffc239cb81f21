/** What takes the PIN: settling in behind it, and opening with it. */
import * as disk from "./disk.ts";
import { farewell, firstParts } from "./enrol.ts";
import * as lock from "./lock.ts";
import { Safe } from "./safe.ts";
import { get, newcomer, unseal, type Purpose } from "./state.ts";
import { heardFromOffice } from "./time.ts";

/** Sets the PIN and keeps everything from here on. */
export async function settleIn(pin: string, consents: Record<Purpose, boolean>): Promise<void> {
  const arriving = newcomer.value;
  if (!arriving) throw new Error("nobody arrives");
  const key = await lock.create(pin);
  await disk.write("farewell", farewell(arriving.keys));
  await unseal(new Safe(key), firstParts(arriving, consents));
  await disk.persist();
  newcomer.value = null;
}

export async function unlock(pin: string): Promise<lock.Unlocked> {
  const result = await lock.unlock(pin, Math.floor(Date.now() / 1000));
  if (result.state === "open") {
    await unseal(new Safe(result.key));
    heardFromOffice(get("office").floor);
  }
  return result;
}

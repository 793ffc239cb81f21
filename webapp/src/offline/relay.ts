/** There is no network here: whoever speaks to the relay elsewhere finds it out of reach. */
import { Offline } from "../faults.ts";
import type * as online from "../relay.ts";

export type { Sign } from "../relay.ts";

export const call: typeof online.call = () => Promise.reject(new Offline());
export const syncTime: typeof online.syncTime = () => Promise.reject(new Offline());
export const traffic = { up: 0, down: 0 };
export const hangUp: typeof online.hangUp = () => undefined;

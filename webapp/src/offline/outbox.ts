/** What waits to be given to the bot is carried there by hand (courier.ts): nothing here hands it over by itself. */
import { computed } from "@preact/signals";
import type * as online from "../outbox.ts";
import { get, open } from "../state.ts";

/** True while something waits that was not given to the bot yet. */
export const offline = computed(() => open.value && get("queue").some(({ given }) => given === undefined));

export const kick: typeof online.kick = () => undefined;

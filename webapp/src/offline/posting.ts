/** Whether one is about the post, which is a place of the offline page alone. */
import { signal } from "@preact/signals";

export const posting = signal(false);

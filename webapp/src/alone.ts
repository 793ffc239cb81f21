/** One window at a time. */
import { signal } from "@preact/signals";

/** True when another window holds the app. */
export const elsewhere = signal(false);

/** Two windows on one store would overwrite each other's counters: the second one waits. */
export function alone(): Promise<void> {
  return new Promise((resolve) => {
    // Typed as always there; old WebViews have none.
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) {
      resolve();
      return;
    }
    const waiting = setTimeout(() => (elsewhere.value = true), 300);
    void locks.request("qasid", () => {
      clearTimeout(waiting);
      elsewhere.value = false;
      resolve();
      return new Promise<never>(() => undefined);
    });
  });
}

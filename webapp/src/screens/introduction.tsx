import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { settleIn } from "../opening.ts";
import type { Purpose } from "../state.ts";
import { ConsentScreen } from "./consent.tsx";
import { PinScreen } from "./pin.tsx";
import { WhoScreen } from "./who.tsx";

/** From the letter that was read to the PIN: whom it leads to, what one agrees to. */
export function Introduction({ done, failed }: { done: () => void; failed: () => void }): JSX.Element {
  const step = useSignal<"who" | "consent" | "pin">("who");
  const consents = useSignal<Record<Purpose, boolean>>({ messages: false, departures: false });
  if (step.value === "who") return <WhoScreen next={() => (step.value = "consent")} />;
  if (step.value === "consent") {
    return <ConsentScreen given={consents} next={() => (step.value = "pin")} back={() => (step.value = "who")} />;
  }
  return <PinScreen set={(pin) => settleIn(pin, consents.value).then(done, failed)} back={() => (step.value = "consent")} />;
}

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Offline } from "../faults.ts";
import type { Unlocked } from "../lock.ts";
import { Say, Spinner, write } from "../parts.tsx";
import { broken } from "../state.ts";
import { t } from "../strings.ts";
import { painted, PinInput } from "./pininput.tsx";

function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return write(`${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`);
}

/** Asks for the PIN until it opens; after wrong ones only when the wait is over. */
export function PinForm({ unlock }: { unlock: (pin: string) => Promise<Unlocked> }): JSX.Element {
  const pin = useSignal("");
  const fault = useSignal("");
  const wait = useSignal(0);
  const working = useSignal(false);
  useEffect(() => {
    const timer = setInterval(() => {
      if (wait.value > 0) wait.value -= 1;
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const submit = async (): Promise<void> => {
    working.value = true;
    await painted();
    try {
      const result = await unlock(pin.value);
      if (result.state === "open") return;
      pin.value = "";
      if (result.state === "keystore-gone") fault.value = "unlock-keystore";
      else {
        fault.value = result.state === "wrong" ? "unlock-wrong" : "";
        wait.value = result.wait;
      }
    } catch (error) {
      // The phone is full, it seems: a try is written down before it counts.
      if (error instanceof DOMException) broken.value = "full";
      // Only the app itself is not whole yet: nobody shall erase for that.
      fault.value = error instanceof Offline ? "error-offline" : "unlock-broken";
    } finally {
      working.value = false;
    }
  };
  if (working.value) return <Spinner text={t("working")} />;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <PinInput label={t("unlock-label")} value={pin.value} testid="unlock-pin" onInput={(text) => (pin.value = text)} />
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="unlock-fault">
          {t(fault.value)}
        </Say>
      )}
      {wait.value > 0 && (
        <Say tone="warn" icon="wait" testid="unlock-wait">
          {t("unlock-wait", { time: clock(wait.value) })}
        </Say>
      )}
      <button class="main" type="submit" disabled={pin.value === "" || wait.value > 0} data-testid="unlock">
        {t("unlock")}
      </button>
    </form>
  );
}

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { goodPin } from "../lock.ts";
import { Say, Screen, Spinner, write } from "../parts.tsx";
import { another } from "../state.ts";
import { t } from "../strings.ts";
import { painted, PinInput } from "./pininput.tsx";

/** Why this cannot be the PIN, or nothing. */
function faultIn(pin: string, again: string): string {
  const tail = another.value ?? "";
  if (!pin.endsWith(tail)) return "pin-tail-missing";
  if (!goodPin(pin.slice(0, pin.length - tail.length))) return "pin-weak";
  return pin === again ? "" : "pin-different";
}

/** Sets the PIN. Stretching it takes a moment, on purpose. */
export function PinScreen({ set, back }: { set: (pin: string) => Promise<void>; back: () => void }): JSX.Element {
  const pin = useSignal("");
  const again = useSignal("");
  const fault = useSignal("");
  const working = useSignal(false);
  const tail = write(another.value ?? "");
  const submit = async (): Promise<void> => {
    fault.value = faultIn(pin.value, again.value);
    if (fault.value) return;
    working.value = true;
    await painted();
    await set(pin.value);
  };
  if (working.value) {
    return (
      <Screen id="pin-working" title={t("pin-title")}>
        <Spinner text={t("pin-working")} />
      </Screen>
    );
  }
  return (
    <Screen id="pin" title={t("pin-title")} back={back}>
      <p>{t("pin-text")}</p>
      {tail && (
        <Say icon="number" testid="pin-tail">
          {t("pin-tail", { tail })}
        </Say>
      )}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <PinInput label={t("pin-label")} value={pin.value} testid="pin" onInput={(text) => (pin.value = text)} />
        <PinInput label={t("pin-again")} value={again.value} testid="pin-again" onInput={(text) => (again.value = text)} />
        {fault.value && (
          <Say tone="bad" icon="stop" live testid="pin-fault">
            {t(fault.value, { tail })}
          </Say>
        )}
        <p class="soft small">{t("pin-forget")}</p>
        <button class="main" type="submit" disabled={pin.value === "" || again.value === ""} data-testid="pin-set">
          {t("pin-set")}
        </button>
      </form>
    </Screen>
  );
}

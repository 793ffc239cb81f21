import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { LanguageTool, Numbers, Say, Screen, Spinner } from "../parts.tsx";
import type { DeviceRecord } from "../protocol/device.ts";
import { comparisonNumber } from "../protocol/number.ts";
import { t } from "../strings.ts";
import { join, readJoin } from "./device.ts";
import { EraseButton } from "./parts.tsx";
import { say } from "./faults.ts";
import { requestText } from "./request.ts";

const ADD = "qasid-desk roster add --confirm-only";

/** The request for the holder of the root, and what they answer. */
export function JoinScreen({ record }: { record: DeviceRecord }): JSX.Element {
  const request = useRef<HTMLTextAreaElement>(null);
  const copied = useSignal(false);
  const text = useSignal("");
  const fault = useSignal("");
  const working = useSignal(false);
  const copy = async (): Promise<void> => {
    request.current?.select();
    try {
      await navigator.clipboard.writeText(request.current?.value ?? "");
      copied.value = true;
    } catch {
      // Not every client lets a page write there: the text is selected, for a long press.
    }
  };
  const submit = async (): Promise<void> => {
    const named = readJoin(text.value);
    fault.value = named ? "" : t("device-join-wrong");
    if (!named) return;
    working.value = true;
    try {
      await join(named.version, named.hash);
    } catch (error) {
      fault.value = say(error);
    } finally {
      working.value = false;
    }
  };
  return (
    <Screen id="join" title={t("device-join-title")} tools={<LanguageTool />}>
      <h2>{t("device-request-title")}</h2>
      <p>{t("device-request-text")}</p>
      <p class="code" dir="ltr">
        {ADD}
      </p>
      <textarea class="code" ref={request} readOnly aria-label={t("device-request-title")} data-testid="request">
        {requestText(record)}
      </textarea>
      <button onClick={() => void copy()} data-testid="request-copy">
        {t(copied.value ? "device-copied" : "device-copy")}
      </button>
      <div class="card">
        <h2>{t("number-title")}</h2>
        <p>{t("device-number-text")}</p>
        <Numbers groups={comparisonNumber(record)} />
      </div>
      <h2>{t("device-answer-title")}</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label class="field">
          {t("device-answer-label")}
          <textarea
            class="code"
            spellcheck={false}
            value={text.value}
            data-testid="join-text"
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        {fault.value && (
          <Say tone="bad" icon="stop" live testid="join-fault">
            {fault.value}
          </Say>
        )}
        {working.value ? (
          <Spinner text={t("working")} />
        ) : (
          <button class="main" type="submit" disabled={text.value.trim() === ""} data-testid="join">
            {t("device-join")}
          </button>
        )}
      </form>
      <EraseButton />
    </Screen>
  );
}

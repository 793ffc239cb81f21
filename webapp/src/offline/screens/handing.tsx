import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../icons.tsx";
import { Say, Screen } from "../../parts.tsx";
import { get } from "../../state.ts";
import { t } from "../../strings.ts";
import { LONGEST } from "../courier.ts";
import { download } from "../download.ts";

/** Says nothing about what it is: whoever looks through the phone reads it. */
const NAME = "note.qasid";

interface HandingProps {
  title: string;
  text: string;
  /** Called once it is on its way. */
  gone: () => Promise<void>;
  back: () => void;
}

/** One armoured text, for the bot alone: copied, or as a file. */
export function Handing({ title, text, gone, back }: HandingProps): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null);
  const done = useSignal<"" | "copied" | "selected" | "saved">("");
  const { bot } = get("self");
  const copy = async (): Promise<void> => {
    box.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      done.value = "copied";
    } catch {
      // Not every browser lets a page opened from a file write there: the text is selected, for a long press.
      done.value = "selected";
    }
    await gone();
  };
  const save = async (): Promise<void> => {
    download(NAME, text);
    done.value = "saved";
    await gone();
  };
  return (
    <Screen id="handing" title={title} back={back}>
      <p>{t("hand-text", { bot: bot ? `@${bot}` : "" })}</p>
      <textarea class="code" rows={4} dir="ltr" readOnly ref={box} aria-label={title} value={text} data-testid="armour" />
      {text.length > LONGEST && <Say icon="document">{t("hand-too-long")}</Say>}
      <div class="stack">
        {text.length <= LONGEST && (
          <button class="main" data-testid="hand-copy" onClick={() => void copy()}>
            <Icon name="text" />
            {t("hand-copy")}
          </button>
        )}
        <button data-testid="hand-save" onClick={() => void save()}>
          <Icon name="document" />
          {t("hand-save")}
        </button>
      </div>
      {done.value && (
        <Say tone="good" icon="check" live testid="hand-done">
          {t(`hand-${done.value}`)}
        </Say>
      )}
      <p class="soft small">{t("hand-waits")}</p>
    </Screen>
  );
}

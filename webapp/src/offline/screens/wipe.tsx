import type { JSX } from "preact";
import { erased, wipe } from "../../gate.ts";
import { Hold, Say, Screen } from "../../parts.tsx";
import { open } from "../../state.ts";
import { t } from "../../strings.ts";
import { destroy } from "../disk.ts";
import { drop } from "../file.ts";

/** What this page keeps goes; the files it came from it cannot reach. */
export function WipeScreen({ back }: { back: () => void }): JSX.Element {
  const act = async (): Promise<void> => {
    drop();
    await wipe();
    await destroy();
  };
  return (
    <Screen id="wipe" title={t("wipe-title")} back={back}>
      <Say tone="bad" icon="erase">
        {t(open.value ? "wipe-own" : "wipe-all")}
      </Say>
      <div class="stack foot">
        <Hold label={t("wipe-hold")} holding={t("wipe-holding")} testid="wipe-hold" act={() => void act()} />
        <button class="quiet" onClick={back} data-testid="wipe-cancel">
          {t("cancel")}
        </button>
      </div>
    </Screen>
  );
}

export function ErasedScreen(): JSX.Element {
  return (
    <Screen id="erased" title={t("wipe-done")}>
      <p data-testid="erased" data-told={erased.value === "told"}>
        {t("wipe-done-text")}
      </p>
      <Say tone="warn" icon="document">
        {t("wipe-files")}
      </Say>
    </Screen>
  );
}

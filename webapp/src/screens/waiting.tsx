import type { JSX } from "preact";
import { reopen } from "../admission.ts";
import { Icon } from "../icons.tsx";
import { offline } from "../outbox.ts";
import { LanguageTool, Say, Screen, Spinner } from "../parts.tsx";
import { go } from "../router.ts";
import { keysOf } from "../self.ts";
import { busy, refresh } from "../beat.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { LockTool } from "./locktool.tsx";
import { NumberCard } from "./who.tsx";

/** Between handing the enrolment over and the office's card. */
export function WaitingScreen(): JSX.Element {
  const self = get("self");
  const { record } = keysOf(self);
  const lost = self.state === "frozen" || self.state === "refused";
  return (
    <Screen
      id="waiting"
      title={t(lost ? "waiting-lost" : "waiting-title")}
      tools={
        <>
          <LanguageTool />
          <LockTool />
        </>
      }
    >
      {lost ? (
        <Say tone="bad" icon="stop" big live testid={`waiting-${self.state}`}>
          {t(`waiting-${self.state}`)}
        </Say>
      ) : (
        <Spinner text={t(reopen.value ? "waiting-reopen" : offline.value ? "waiting-network" : "waiting-text")} />
      )}
      <NumberCard record={record} />
      <div class="stack foot">
        {!lost && (
          <button
            disabled={busy.value}
            data-testid="refresh"
            onClick={() => {
              void refresh();
            }}
          >
            <Icon name="refresh" />
            {t("home-refresh")}
          </button>
        )}
        <button
          class="quiet"
          data-testid="open-wipe"
          onClick={() => {
            go({ name: "wipe" });
          }}
        >
          {t("wipe-mine")}
        </button>
      </div>
    </Screen>
  );
}

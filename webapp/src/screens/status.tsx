import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { send } from "../acts.ts";
import { Icon } from "../icons.tsx";
import { Say, Screen } from "../parts.tsx";
import { back, home } from "../router.ts";
import { t } from "../strings.ts";
import { STATUSES } from "./home.tsx";

/** Asks once before a status is sent, with room for a few words. */
/** Letters of the note: in any script they fit into what somebody unverified may send. */
const LONGEST = 500;

export function StatusScreen({ status }: { status: 1 | 2 | 3 | 4 | 5 }): JSX.Element | null {
  const note = useSignal("");
  const chosen = STATUSES.find((entry) => entry.status === status);
  if (!chosen) return null;
  return (
    <Screen id="status" title={t("status-send-title")} back={back}>
      <Say icon={chosen.icon} big title={t(`status-${chosen.name}`)} />
      <label class="field">
        {t("status-note")}
        <textarea
          dir="auto"
          maxLength={LONGEST}
          data-testid="status-note"
          onInput={(event) => {
            note.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="soft small">{t("status-note-hint")}</p>
      <div class="stack foot">
        <button
          class="main"
          data-testid="status-send"
          onClick={() => {
            void send(note.value.trim(), status).then(home);
          }}
        >
          <Icon name={chosen.icon} />
          {t("status-send")}
        </button>
        <button class="quiet" onClick={back} data-testid="status-cancel">
          {t("cancel")}
        </button>
      </div>
    </Screen>
  );
}

import type { JSX } from "preact";
import { busy, freshAt, refresh } from "../beat.ts";
import { clock } from "../dates.ts";
import { Icon } from "../icons.tsx";
import { offline } from "../outbox.ts";
import { lang } from "../parts.tsx";
import { get } from "../state.ts";
import { t } from "../strings.ts";

/** When the relay was last asked, and asking it again. */
export function Freshness(): JSX.Element {
  return (
    <div class="stack foot">
      <button
        class="quiet"
        disabled={busy.value}
        data-testid="refresh"
        onClick={() => {
          void refresh();
        }}
      >
        <Icon name="refresh" />
        {t("home-refresh")}
      </button>
      <p class="soft small centre" data-testid="freshness" data-offline={offline.value} data-queue={get("queue").length} role="status">
        {offline.value ? t("home-offline") : freshAt.value > 0 && t("home-fresh", { time: clock(freshAt.value, lang()) })}
      </p>
    </div>
  );
}

import type { JSX } from "preact";
import { refresh } from "../beat.ts";
import { Numbers, Say, Screen } from "../parts.tsx";
import { comparisonNumber } from "../protocol/number.ts";
import { back, go, home } from "../router.ts";
import { keysOf } from "../self.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { compared } from "../unverified.ts";

/** The number by which both sides find out whether anybody stands between them; what came of it, only the owner says. */
export function ComparisonScreen(): JSX.Element {
  const self = get("self");
  const say = async (same: boolean): Promise<void> => {
    await compared(same);
    home();
    if (same) void refresh();
  };
  return (
    <Screen id="comparison" title={t("number-title")} back={back}>
      <section class="card">
        <Numbers groups={comparisonNumber(keysOf(self).record)} />
      </section>
      <ol class="list">
        {["call", "read", "hear"].map((part) => (
          <li>{t(`compare-${part}`)}</li>
        ))}
      </ol>
      <p class="soft small">{t("compare-why")}</p>
      {self.unverified?.same && (
        <Say tone="good" icon="safe" testid="compared">
          {t("compare-done")}
        </Say>
      )}
      <div class="stack foot">
        {!self.unverified?.same && (
          <button class="main" onClick={() => void say(true)} data-testid="compare-same">
            {t("compare-same")}
          </button>
        )}
        <button class="danger" onClick={() => void say(false)} data-testid="compare-different">
          {t("compare-different")}
        </button>
      </div>
    </Screen>
  );
}

/** There is no way on from here: whoever stands between must not be given another try. */
export function DifferentScreen(): JSX.Element {
  return (
    <Screen id="different" title={t("stop-title")}>
      <Say tone="bad" icon="stop" big live testid="different">
        {t("different-text")}
      </Say>
      <Say icon="office">{t("different-do")}</Say>
      <div class="stack foot">
        <button
          class="danger"
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

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { groups, ownHash } from "../bundle.ts";
import { Icon, type IconName } from "../icons.tsx";
import { faultOf, Screen, write } from "../parts.tsx";
import { back } from "../router.ts";
import { traffic } from "../relay.ts";
import { keysOf } from "../self.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { NumberCard, OfficeCard } from "./who.tsx";

const PARTS: readonly { name: string; icon: IconName }[] = [
  { name: "safe", icon: "safe" },
  { name: "fee", icon: "document" },
  { name: "silence", icon: "wait" },
  { name: "search", icon: "lock" },
  { name: "limits", icon: "question" },
];

export function HelpScreen(): JSX.Element {
  const self = get("self");
  return (
    <Screen id="help" title={t("help-title")} back={back}>
      {PARTS.map(({ name, icon }) => (
        <section class="card">
          <h2>
            <Icon name={icon} />
            {t(`help-${name}`)}
          </h2>
          <p>{t(`help-${name}-text`)}</p>
        </section>
      ))}
      {self.bot && (
        <section class="card">
          <h2>
            <Icon name="message" />
            {t("help-shared")}
          </h2>
          <p>{t("help-shared-text", { bot: `@${self.bot}` })}</p>
        </section>
      )}
      <OfficeCard office={get("office")} bot={self.bot} />
      <NumberCard record={keysOf(self).record} />
      <BundleCard />
      {import.meta.env.MODE !== "offline" && <TrafficCard />}
    </Screen>
  );
}

/** What it costs whoever pays by the megabyte. */
function TrafficCard(): JSX.Element {
  const files = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map((entry) => entry as PerformanceResourceTiming)
    .filter(({ name }) => !name.includes("/v1/"))
    .reduce((sum, { transferSize }) => sum + transferSize, 0);
  const kilobytes = (bytes: number): string => write(Math.ceil(bytes / 1000));
  return (
    <section class="card">
      <h2>
        <Icon name="refresh" />
        {t("help-traffic")}
      </h2>
      <p data-testid="traffic">
        {t("help-traffic-text", { down: kilobytes(traffic.down + files), up: kilobytes(traffic.up) })}
      </p>
    </section>
  );
}

/** Which build this is, for whoever is asked over the telephone. */
function BundleCard(): JSX.Element {
  const said = useSignal("");
  const look = async (): Promise<void> => {
    try {
      const hash = await ownHash();
      said.value = hash === null ? t("help-bundle-differs") : groups(hash).map(write).join(" ");
    } catch (error) {
      said.value = faultOf(error);
    }
  };
  useEffect(() => {
    void look();
  }, []);
  return (
    <section class="card">
      <h2>
        <Icon name="number" />
        {t("help-bundle")}
      </h2>
      <p data-testid="bundle">
        {said.value || t("working")}
      </p>
      <p class="soft small">{t("help-bundle-text")}</p>
    </section>
  );
}

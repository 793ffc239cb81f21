import type { JSX } from "preact";
import { Icon, type IconName } from "../icons.tsx";
import { Screen } from "../parts.tsx";
import { back } from "../router.ts";
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
    </Screen>
  );
}

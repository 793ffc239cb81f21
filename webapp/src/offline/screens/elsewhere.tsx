import type { JSX } from "preact";
import { Say, Screen } from "../../parts.tsx";
import { back } from "../../router.ts";
import { t } from "../../strings.ts";

/** In place of what is signed for the relay: it takes that from the app alone. */
export function ElsewhereScreen(): JSX.Element {
  return (
    <Screen id="needs-app" title={t("needs-app-title")} back={back}>
      <NeedsApp />
    </Screen>
  );
}

export function NeedsApp(): JSX.Element {
  return (
    <Say icon="question" testid="needs-app">
      {t("needs-app-text")}
    </Say>
  );
}

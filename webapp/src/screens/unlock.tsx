import type { JSX } from "preact";
import { loadCore } from "../chunks.ts";
import { Icon } from "../icons.tsx";
import { LanguageTool, Screen } from "../parts.tsx";
import { go } from "../router.ts";
import { t } from "../strings.ts";
import { PinForm } from "./pinform.tsx";

export function UnlockScreen(): JSX.Element {
  return (
    <Screen id="unlock" title={t("unlock-title")} tools={<LanguageTool />}>
      <div class="stack centre">
        <Icon name="lock" size={48} />
      </div>
      <PinForm unlock={async (pin) => (await loadCore()).unlock(pin)} />
      <div class="stack foot">
        {/* The page that is one file keeps one person's keys. */}
        {import.meta.env.MODE !== "offline" && (
          <button class="quiet" data-testid="open-another" onClick={() => { go({ name: "another" }); }}>
            {t("another-title")}
          </button>
        )}
        <button class="quiet" data-testid="unlock-wipe" onClick={() => { go({ name: "wipe" }); }}>
          {t("unlock-wipe")}
        </button>
      </div>
    </Screen>
  );
}

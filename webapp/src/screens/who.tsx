import type { JSX } from "preact";
import { Icon } from "../icons.tsx";
import { followed } from "../office.ts";
import { Numbers, Say, Screen } from "../parts.tsx";
import { toBase64Url } from "../protocol/encoding.ts";
import { comparisonNumber } from "../protocol/number.ts";
import type { DeviceRecord } from "../protocol/device.ts";
import { newcomer, type Office } from "../state.ts";
import { t } from "../strings.ts";

/** The office's sign as it stands on the letter, in groups one can compare. */
function sign(office: Uint8Array): string {
  return (toBase64Url(office).match(/.{1,6}/g) ?? []).join(" ");
}

export function OfficeCard({ office, bot }: { office: Office; bot: string }): JSX.Element {
  const codes = new Set(followed(office)?.roster.entries.map((entry) => entry.roleCode));
  return (
    <section class="card" data-testid="who">
      <h2>
        <Icon name="office" />
        {t("who-office")}
      </h2>
      <p>{t("who-office-text")}</p>
      <p class="soft small">{t("who-sign")}</p>
      <p class="code" data-testid="office-sign">
        {sign(office.pin.office)}
      </p>
      <p class="soft small">{t("who-officers")}</p>
      <p class="code">{[...codes].sort().join(" · ")}</p>
      {bot && <p class="code">@{bot}</p>}
    </section>
  );
}

export function NumberCard({ record }: { record: DeviceRecord }): JSX.Element {
  return (
    <section class="card">
      <h2>
        <Icon name="number" />
        {t("number-title")}
      </h2>
      <Numbers groups={comparisonNumber(record)} />
      <p class="soft small">{t("number-text")}</p>
    </section>
  );
}

/** Whom the letter leads to, before anything is agreed to. */
export function WhoScreen({ next }: { next: () => void }): JSX.Element | null {
  const arriving = newcomer.value;
  if (!arriving) return null;
  return (
    <Screen
      id="who"
      title={t("who-title")}
      back={() => {
        newcomer.value = null;
      }}
    >
      <OfficeCard office={arriving.office} bot={arriving.bot} />
      <NumberCard record={arriving.keys.record} />
      <Say icon="safe">{t("who-no-fee")}</Say>
      <div class="stack foot">
        <button class="main" onClick={next} data-testid="who-next">
          {t("next")}
        </button>
      </div>
    </Screen>
  );
}

import type { JSX } from "preact";
import { Screen } from "../parts.tsx";
import { sharing } from "../permissions.ts";
import { back } from "../router.ts";
import { groupName } from "../sharing.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { Door } from "./door.tsx";
import { Permit } from "./permit.tsx";

/** What the office may pass on, by the other office: all it ever asked about. */
export function SharingScreen(): JSX.Element {
  const { others } = get("about");
  return (
    <Screen id="sharing" title={t("settings-sharing")} back={back}>
      <p>{t("sharing-lead")}</p>
      {others.length === 0 && <p class="soft">{t("sharing-none")}</p>}
      {others.map(({ office, name, groups }) => (
        <section class="stack" key={office} data-office={name}>
          <h2 dir="auto">{name}</h2>
          {groups.map((group) => (
            <Permit
              key={group}
              permission={sharing(office, group)}
              name={`sharing-${group}`}
              title={groupName(group)}
              text={t("sharing-text", { office: name })}
              reader={t("sharing-reader", { office: name })}
              warning={t("sharing-withdraw", { office: name })}
            />
          ))}
        </section>
      ))}
      {others.length > 0 && (
        <>
          <p class="soft small">{t("sharing-held")}</p>
          <Door to={{ name: "holdings" }} icon="document" text={t("holdings-title")} />
        </>
      )}
    </Screen>
  );
}

import type { JSX } from "preact";
import { Icon } from "../icons.tsx";
import { groupName, otherOf } from "../sharing.ts";
import { get, type Ask, type Message } from "../state.ts";
import { t } from "../strings.ts";
import { Door } from "./door.tsx";

/** Nothing is decided here: what would be passed on to whom, and the way to decide. */
export function Asked({ ask: { office, name, groups } }: { ask: Ask }): JSX.Element {
  const open = otherOf(get("about"), office)?.open.some((group) => groups.includes(group));
  return (
    <div class="stack" data-testid="ask">
      <p class="status">
        <Icon name="question" />
        {t("ask-title")}
      </p>
      <p>{t("ask-text", { office: name })}</p>
      <ul class="list">
        {groups.map((group) => (
          <li>{groupName(group)}</li>
        ))}
      </ul>
      {open ? (
        <Door to={{ name: "decide", office }} icon="check" text={t("ask-decide")} />
      ) : (
        <Door to={{ name: "sharing" }} icon="office" text={t("settings-sharing")} />
      )}
    </div>
  );
}

/** A case file that was sent: what it said is not kept. */
export function Told({ fields }: { fields: NonNullable<Message["fields"]> }): JSX.Element {
  return (
    <p class="status">
      <Icon name="people" />
      {t(Object.values(fields).some((told) => told > 0) ? "thread-told" : "thread-taken")}
    </p>
  );
}

import type { JSX } from "preact";
import { Icon } from "../../icons.tsx";
import { write } from "../../parts.tsx";
import { get } from "../../state.ts";
import { t } from "../../strings.ts";
import { posting } from "../posting.ts";

/** The way to the bot, in place of the network. */
export function Freshness(): JSX.Element {
  const waiting = get("queue").filter(({ given }) => given === undefined).length;
  return (
    <div class="stack foot">
      <button class="main" data-testid="open-post" data-queue={waiting} onClick={() => (posting.value = true)}>
        <Icon name="refresh" />
        <span class="grow">{t("post-title")}</span>
        {waiting > 0 && <span class="badge">{write(waiting)}</span>}
      </button>
      <p class="soft small centre">{t("post-lead")}</p>
    </div>
  );
}

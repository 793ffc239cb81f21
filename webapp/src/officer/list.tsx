import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { LanguageTool, Say, Screen, Spinner } from "../parts.tsx";
import { t } from "../strings.ts";
import { roleCode } from "./device.ts";
import { gone } from "./erase.tsx";
import { isGone, say } from "./faults.ts";
import { EraseButton } from "./parts.tsx";
import { age, told, whole } from "./telling.ts";
import { list, type Wish } from "./wishes.ts";
import { WishScreen } from "./wish.tsx";

/** What waits for a decision; each opens by itself. */
export function WishesScreen(): JSX.Element {
  const wishes = useSignal<Wish[]>([]);
  const chosen = useSignal<Wish | null>(null);
  const working = useSignal(true);
  const fault = useSignal("");
  const done = useSignal("");
  const load = async (): Promise<void> => {
    working.value = true;
    fault.value = "";
    try {
      wishes.value = await list();
    } catch (error) {
      wishes.value = [];
      if (isGone(error)) gone.value = true;
      else fault.value = say(error);
    } finally {
      working.value = false;
    }
  };
  useEffect(() => void load(), []);
  const wish = chosen.value;
  if (wish) {
    return (
      <WishScreen
        wish={wish}
        back={(said) => {
          chosen.value = null;
          done.value = said;
          void load();
        }}
      />
    );
  }
  return (
    <Screen id="wishes" title={t("wishes-title")} tools={<LanguageTool />}>
      {roleCode.value && (
        <p class="soft small" data-testid="device">
          {t("wishes-device", { role: whole(roleCode.value) })}
        </p>
      )}
      {done.value && (
        <Say tone="good" icon="safe" live testid="done">
          {done.value}
        </Say>
      )}
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="fault">
          {fault.value}
        </Say>
      )}
      {working.value && <Spinner text={t("working")} />}
      {!working.value && !fault.value && wishes.value.length === 0 && <p data-testid="none">{t("wishes-none")}</p>}
      {!working.value &&
        wishes.value.map((each) => (
          <button key={each.id} data-testid="wish" onClick={() => (chosen.value = each)}>
            <span class="grow">
              {told(each)}
              <br />
              <span class="soft small">{t("wish-by", { role: each.by, age: age(each) })}</span>
            </span>
          </button>
        ))}
      <button
        data-testid="again"
        disabled={working.value}
        onClick={() => {
          done.value = "";
          void load();
        }}
      >
        {t("wishes-again")}
      </button>
      <EraseButton />
    </Screen>
  );
}

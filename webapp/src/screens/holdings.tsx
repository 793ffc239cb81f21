import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { day } from "../dates.ts";
import { ask, type Holdings } from "../holdings.ts";
import { faultOf, lang, Say, Screen, Spinner, write } from "../parts.tsx";
import { back } from "../router.ts";
import { groupName, otherOf } from "../sharing.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";

/** What the relay holds of the person, in plain words: the service, to them. */
export function HoldingsScreen(): JSX.Element {
  const held = useSignal<Holdings | null>(null);
  const fault = useSignal("");
  const load = async (): Promise<void> => {
    fault.value = "";
    try {
      held.value = await ask();
    } catch (error) {
      fault.value = faultOf(error);
    }
  };
  useEffect(() => {
    void load();
  }, []);
  return (
    <Screen id="holdings" title={t("holdings-title")} back={back}>
      <p>{t("holdings-intro")}</p>
      {fault.value ? (
        <>
          <Say tone="bad" icon="stop" live testid="holdings-fault">
            {fault.value}
          </Say>
          <button data-testid="holdings-again" onClick={() => void load()}>
            {t("holdings-again")}
          </button>
        </>
      ) : held.value ? (
        <List held={held.value} />
      ) : (
        <Spinner text={t("working")} />
      )}
    </Screen>
  );
}

function List({ held }: { held: Holdings }): JSX.Element {
  const number = (name: "incoming" | "outgoing" | "seats" | "answers" | "attempts" | "logged" | "phones"): string =>
    write(held[name]);
  const home = held.household;
  const known = home?.facts.filter(({ answer }) => answer !== "unknown") ?? [];
  return (
    <ul class="card list" data-testid="holdings">
      <li>{t("holdings-alias", { alias: held.alias, ...day(held.since, lang()) })}</li>
      {held.heard_at !== null && <li>{t("holdings-heard", { ...day(held.heard_at, lang()) })}</li>}
      <li>{t("holdings-phones", { phones: number("phones") })}</li>
      <li>{t(held.telegram_linked ? "holdings-telegram" : "holdings-no-telegram")}</li>
      <li>{t("holdings-bell")}</li>
      <li>{t("holdings-consents", { consents: write(held.consents.length) })}</li>
      {held.passed_on?.map(({ recipient, fields, state, at }) => {
        // An office this phone was never asked about goes by the beginning of its sign.
        const office = otherOf(get("about"), recipient)?.name ?? recipient.slice(0, 6);
        const values = { office, fields: groupName(fields), ...day(at, lang()) };
        return <li data-testid={`passed-on-${fields}`}>{t(`holdings-passed-${state}`, values)}</li>;
      })}
      <li>{t("holdings-letters", { incoming: number("incoming"), outgoing: number("outgoing") })}</li>
      <li>
        {t("holdings-attachments", {
          attachments: write(held.attachments ?? 0),
          size: write(Math.ceil((held.attachment_bytes ?? 0) / 1_000)),
        })}
      </li>
      <li>{t("holdings-seats", { seats: number("seats"), answers: number("answers") })}</li>
      <li>{t("holdings-attempts", { attempts: number("attempts") })}</li>
      <li>{t("holdings-assents", { assents: write(held.assents ?? 0) })}</li>
      <li>{t("holdings-sponsors", { sponsors: write(held.sponsors ?? 0) })}</li>
      <li>{t("holdings-logged", { logged: number("logged") })}</li>
      {home && (
        <li>
          {t("holdings-household", { people: write(home.people), checks: write(home.checks) })}
          <ul class="list">
            {known.map(({ fact, answer }) => (
              <li>{t("holdings-fact", { fact: t(`fact-${fact}`), answer: t(`fact-answer-${answer}`) })}</li>
            ))}
            {home.intent !== null && <li>{t(`intent-${home.intent}`)}</li>}
            {home.needs.map((need) => (
              <li>{t(`wants-${need}`)}</li>
            ))}
          </ul>
        </li>
      )}
    </ul>
  );
}

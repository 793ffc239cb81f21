import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Stopped } from "../faults.ts";
import { Icon } from "../icons.tsx";
import { settleIn } from "../opening.ts";
import { faultOf, LanguageTool, Say, Screen, Spinner, Switch } from "../parts.tsx";
import { newcomer } from "../state.ts";
import { t } from "../strings.ts";
import { choices, meet, type Choice } from "../unverified.ts";
import { PinScreen } from "./pin.tsx";

interface StrangerProps {
  done: () => void;
  failed: () => void;
  back: () => void;
}

/** From “I have no letter” to the PIN: what it means, which office, what one agrees to. */
export function Stranger({ done, failed, back }: StrangerProps): JSX.Element {
  const step = useSignal<"meaning" | "office" | "rules" | "pin">("meaning");
  const leave = (): void => {
    newcomer.value = null;
    back();
  };
  const choose = (): void => {
    newcomer.value = null;
    step.value = "office";
  };
  switch (step.value) {
    case "meaning":
      return <Meaning next={choose} back={leave} />;
    case "office":
      return <Offices next={() => (step.value = "rules")} back={() => (step.value = "meaning")} />;
    case "rules":
      return <Rules next={() => (step.value = "pin")} back={choose} />;
    case "pin":
      return (
        <PinScreen
          set={(pin) => settleIn(pin, { messages: true, departures: false }).then(done, failed)}
          back={() => (step.value = "rules")}
        />
      );
  }
}

function Meaning({ next, back }: { next: () => void; back: () => void }): JSX.Element {
  return (
    <Screen id="stranger" title={t("stranger-title")} back={back} tools={<LanguageTool />}>
      <p>{t("stranger-lead")}</p>
      <Say tone="warn" icon="stop" title={t("stranger-unknown")}>
        {t("stranger-between")}
      </Say>
      <Say icon="wait">{t("stranger-look")}</Say>
      <Say icon="safe">{t("who-no-fee")}</Say>
      <div class="stack foot">
        <button class="main" onClick={next} data-testid="stranger-next">
          {t("stranger-offices")}
        </button>
      </div>
    </Screen>
  );
}

function Offices({ next, back }: { next: () => void; back: () => void }): JSX.Element {
  const found = useSignal<Choice[] | null>(null);
  const accountMissing = useSignal(false);
  const fault = useSignal("");
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    fault.value = "";
    try {
      await act();
    } catch (error) {
      fault.value = error instanceof Stopped ? t("stranger-mismatch") : faultOf(error);
    }
  };
  const list = (): Promise<void> =>
    attempt(async () => {
      found.value = null;
      const answer = await choices();
      accountMissing.value = answer.accountMissing;
      found.value = answer.offices;
    });
  const choose = (choice: Choice): Promise<void> =>
    attempt(async () => {
      const offices = found.value;
      found.value = null;
      try {
        newcomer.value = await meet(choice);
      } catch (error) {
        found.value = offices;
        throw error;
      }
      next();
    });
  useEffect(() => void list(), []);
  const offices = found.value;
  return (
    <Screen id="offices" title={t("offices-title")} back={back}>
      {fault.value ? (
        <Say tone="bad" icon="stop" live testid="offices-fault">
          {fault.value}
        </Say>
      ) : (
        offices === null && <Spinner text={t("working")} />
      )}
      {accountMissing.value ? (
        <Say tone="warn" icon="stop" live testid="offices-account">
          {t("fault-account")}
        </Say>
      ) : (
        offices && <List offices={offices} choose={(choice) => void choose(choice)} />
      )}
      {(fault.value !== "" || offices?.length === 0) && (
        <div class="stack foot">
          <button onClick={() => void list()} data-testid="offices-again">
            {t("unverified-again")}
          </button>
        </div>
      )}
    </Screen>
  );
}

function List({ offices, choose }: { offices: Choice[]; choose: (choice: Choice) => void }): JSX.Element {
  if (offices.length === 0) {
    return (
      <Say icon="office" live testid="offices-none">
        {t("offices-none")}
      </Say>
    );
  }
  return (
    <>
      <p>{t("offices-lead")}</p>
      <div class="stack">
        {offices.map((choice) => (
          <button
            data-testid={`office-${choice.code}`}
            onClick={() => {
              choose(choice);
            }}
          >
            <Icon name="office" />
            <span class="code">{choice.code}</span>
          </button>
        ))}
      </div>
    </>
  );
}

const RULES = ["account", "letters", "days", "refused", "rung"];

function Rules({ next, back }: { next: () => void; back: () => void }): JSX.Element {
  const agreed = useSignal(false);
  return (
    <Screen id="rules" title={t("rules-title", { code: newcomer.value?.unverified?.code ?? "" })} back={back}>
      <ul class="list">
        {RULES.map((rule) => (
          <li>{t(`rule-${rule}`)}</li>
        ))}
      </ul>
      <Switch
        on={agreed.value}
        title={t("consent-messages")}
        text={t("consent-messages-text")}
        reader={t("rules-reader")}
        testid="consent-messages"
        onChange={(on) => (agreed.value = on)}
      />
      <p class="soft small">{t("rules-consent")}</p>
      <div class="stack foot">
        <button class="main" disabled={!agreed.value} onClick={next} data-testid="rules-next">
          {t("next")}
        </button>
      </div>
    </Screen>
  );
}

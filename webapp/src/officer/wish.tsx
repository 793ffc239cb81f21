import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Say, Screen, Spinner } from "../parts.tsx";
import { t } from "../strings.ts";
import { gone } from "./erase.tsx";
import { isGone, say } from "./faults.ts";
import { age, told, whole } from "./telling.ts";
import { decide, REASONS, type Wish } from "./wishes.ts";

/** These need keys that the desk or the holder of the root has: nothing is decided on them here. */
const ELSEWHERE: ReadonlySet<Wish["kind"]> = new Set(["invite", "offboard", "offer", "lend", "cancel", "threat"]);

interface WishScreenProps {
  wish: Wish;
  /** With what was done, or nothing. */
  back: (done: string) => void;
}

/** One proposal: what it does, and the decision in two taps. */
export function WishScreen({ wish, back }: WishScreenProps): JSX.Element {
  const reason = useSignal(wish.kind === "vet" ? (wish.words[0] ?? "") : "");
  const asked = useSignal<"confirm" | "reject" | null>(null);
  const working = useSignal(false);
  const fault = useSignal("");
  const elsewhere = ELSEWHERE.has(wish.kind);
  const strange = wish.kind === "strange"; // a newer page knows it
  const act = async (decision: "confirm" | "reject"): Promise<void> => {
    working.value = true;
    fault.value = "";
    try {
      await decide(wish, decision === "confirm", decision === "confirm" ? reason.value : "");
      back(t(`wish-${decision}-done`, { wish: told(wish) }));
    } catch (error) {
      asked.value = null;
      if (isGone(error)) gone.value = true;
      else fault.value = say(error);
    } finally {
      working.value = false;
    }
  };
  const leave = (): void => {
    back("");
  };
  return (
    <Screen id="wish" title={told(wish)} back={leave}>
      <p class="soft">{t("wish-by", { role: wish.by, age: age(wish) })}</p>
      <Say icon={elsewhere || strange ? "office" : "text"} tone={elsewhere || strange ? "warn" : undefined} testid="effect">
        {t(`wish-${wish.kind}-effect`, { subject: whole(wish.subject) })}
      </Say>
      {wish.kind === "vet" && (
        <div class="stack" role="radiogroup" aria-label={t("wish-reason")}>
          <h2>{t("wish-reason")}</h2>
          {REASONS.map((each) => (
            <button
              key={each}
              role="radio"
              aria-checked={reason.value === each}
              data-testid={`reason-${each}`}
              onClick={() => {
                reason.value = each;
                asked.value = null;
              }}
            >
              {t(`wish-reason-${each}`)}
            </button>
          ))}
        </div>
      )}
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="fault">
          {fault.value}
        </Say>
      )}
      {!elsewhere && (
        <Decision
          asked={asked.value}
          working={working.value}
          ask={(decision) => (asked.value = decision)}
          act={(decision) => void act(decision)}
          confirmable={wish.kind !== "vet" || reason.value !== ""}
          shown={!strange}
        />
      )}
    </Screen>
  );
}

interface DecisionProps {
  asked: "confirm" | "reject" | null;
  working: boolean;
  ask: (decision: "confirm" | "reject" | null) => void;
  act: (decision: "confirm" | "reject") => void;
  confirmable: boolean;
  shown: boolean;
}

function Decision({ asked, working, ask, act, confirmable, shown }: DecisionProps): JSX.Element {
  if (working) return <Spinner text={t("working")} />;
  if (asked) {
    return (
      <div class="stack foot">
        <button class={asked === "confirm" ? "main" : "danger"} data-testid="sure" onClick={() => { act(asked); }}>
          {t(`wish-${asked}-sure`)}
        </button>
        <button class="quiet" data-testid="cancel" onClick={() => { ask(null); }}>
          {t("cancel")}
        </button>
      </div>
    );
  }
  return (
    <div class="stack foot">
      {shown && (
        <button class="main" disabled={!confirmable} data-testid="confirm" onClick={() => { ask("confirm"); }}>
          {t("wish-confirm")}
        </button>
      )}
      <button class="danger" data-testid="reject" onClick={() => { ask("reject"); }}>
        {t("wish-reject")}
      </button>
    </div>
  );
}

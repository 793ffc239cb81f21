import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ask, say, waiting, type Minor } from "../assents.ts";
import { day } from "../dates.ts";
import { faultOf, lang, Say, Screen, Spinner, write } from "../parts.tsx";
import { Child } from "../protocol/assent.ts";
import { back } from "../router.ts";
import { t } from "../strings.ts";
import { Door } from "./door.tsx";

/** What the person consents to for each child in their care, and what the child says. */
export function ChildrenScreen(): JSX.Element {
  const minors = useSignal<Minor[] | null>(null);
  const fault = useSignal("");
  const load = async (): Promise<void> => {
    fault.value = "";
    try {
      minors.value = await ask();
    } catch (error) {
      fault.value = faultOf(error);
    }
  };
  const unsaid = waiting();
  useEffect(() => {
    // What was said meanwhile would be answered for as it was before.
    if (unsaid === 0) void load();
  }, [unsaid]);
  return (
    <Screen id="children" title={t("children-title")} back={back}>
      <p>{t("children-lead")}</p>
      {fault.value && (
        <>
          <Say tone="bad" icon="stop" live testid="children-fault">
            {fault.value}
          </Say>
          <button data-testid="children-again" onClick={() => void load()}>
            {t("holdings-again")}
          </button>
        </>
      )}
      {!minors.value && !fault.value && <Spinner text={t("working")} />}
      {minors.value?.length === 0 && <p class="soft">{t("children-none")}</p>}
      <div class="stack">
        {minors.value?.map((minor, place) => (
          <ChildCard key={minor.member} minor={minor} place={place + 1} />
        ))}
      </div>
    </Screen>
  );
}

function ChildCard({ minor, place }: { minor: Minor; place: number }): JSX.Element {
  const { member, standing, lapses_at: end } = minor;
  const known = standing === "none" ? null : minor;
  const given = useSignal(known?.given ?? null);
  const child = useSignal(known?.assent ?? null);
  const waits = waiting(member) > 0;
  return (
    <section class="card stack" data-testid={`child-${member}`}>
      <h2>{t("child-name", { child: write(place) })}</h2>
      <p class="soft small">{t("child-number", { member: write(member) })}</p>
      <div data-testid={`child-${member}-stands`}>
        <p>{waits ? t("state-waiting") : t(`child-stands-${standing}`)}</p>
        {!waits && known && end !== null && <p class="soft small">{t("child-until", { ...day(end, lang()) })}</p>}
      </div>
      <Choice
        name={`child-${member}-you`}
        question={t("child-you")}
        chosen={given}
        answers={[
          [true, t("child-you-yes")],
          [false, t("child-you-no")],
        ]}
      />
      <Choice
        name={`child-${member}-says`}
        question={t("child-says")}
        chosen={child}
        answers={[
          [Child.agrees, t("child-says-yes")],
          [Child.declines, t("child-says-no")],
          [Child.tooSmall, t("child-says-small")],
        ]}
      />
      {(given.value === false || child.value === Child.declines) && (
        <Say tone="warn" icon="stop">
          {t("child-no")}
        </Say>
      )}
      <button
        class="main"
        data-testid={`child-${member}-send`}
        disabled={waits || given.value === null || child.value === null}
        onClick={() => {
          if (given.value !== null && child.value !== null) void say(member, given.value, child.value);
        }}
      >
        {t("child-send")}
      </button>
    </section>
  );
}

interface ChoiceProps<T> {
  name: string;
  question: string;
  chosen: Signal<T | null>;
  answers: readonly (readonly [T, string])[];
}

/** One of a few answers to a question. */
function Choice<T extends boolean | number>({ name, question, chosen, answers }: ChoiceProps<T>): JSX.Element {
  return (
    <div class="stack" role="group" aria-label={question}>
      <strong>{question}</strong>
      {answers.map(([value, text]) => (
        <button
          key={text}
          aria-pressed={chosen.value === value}
          data-testid={`${name}-${Number(value)}`}
          onClick={() => {
            chosen.value = value;
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** Where what tells of the family is asked for: leads to the children of whom nobody said anything yet. */
export function ChildrenMissing(): JSX.Element | null {
  const missing = useSignal(false);
  useEffect(() => {
    // Without a network nothing is missing yet: the relay refuses it later, and the office asks.
    ask().then(
      (minors) => (missing.value = minors.some(({ standing, member }) => standing === "none" && !waiting(member))),
      () => undefined,
    );
  }, []);
  if (!missing.value) return null;
  return (
    <Say tone="warn" icon="people" testid="children-missing">
      {t("children-missing")}
      <Door to={{ name: "children" }} icon="people" text={t("children-title")} />
    </Say>
  );
}

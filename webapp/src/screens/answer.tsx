import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { answer } from "../acts.ts";
import { day } from "../dates.ts";
import { Icon, type IconName } from "../icons.tsx";
import { lang, Say } from "../parts.tsx";
import type { Standing } from "../notices.ts";
import type { NoticeVersion } from "../state.ts";
import { t } from "../strings.ts";
import { now } from "../time.ts";

type Reply = 1 | 2 | 3;

const REPLIES: readonly { reply: Reply; name: string; icon: IconName }[] = [
  { reply: 1, name: "accept", icon: "check" },
  { reply: 2, name: "decline", icon: "cannot" },
  { reply: 3, name: "need-help", icon: "help" },
];
const ANSWERABLE: readonly Standing[] = ["unconfirmed", "confirmed", "lapsed", "roster"];

export interface AnsweringProps {
  id: string;
  version: number;
  held: NoticeVersion;
  standing: Standing;
}

/** Answers to a seat; what an answer does is said before it is sent. */
export function Answering({ id, version, held, standing }: AnsweringProps): JSX.Element | null {
  const chosen = useSignal<Reply | null>(null);
  const changing = useSignal(false);
  if (!held.own || !ANSWERABLE.includes(standing)) return null;
  const until = day(held.own.answerBy, lang());
  const late = now() >= held.own.answerBy;
  const pick = REPLIES.find((entry) => entry.reply === chosen.value);
  if (pick) {
    return (
      <section class="stack" data-testid="answer-confirm">
        <Say icon={pick.icon} title={t(pick.name)} live>
          {t(`${pick.reply === 1 && held.answer?.answer === 2 ? "accept-again" : pick.name}-effect`)}
        </Say>
        <button
          class="main"
          data-testid="answer-send"
          onClick={() => {
            void answer(id, version, pick.reply).then(() => {
              chosen.value = null;
              changing.value = false;
            });
          }}
        >
          {t("answer-confirm")}
        </button>
        <button
          class="quiet"
          data-testid="answer-back"
          onClick={() => {
            chosen.value = null;
          }}
        >
          {t("cancel")}
        </button>
      </section>
    );
  }
  return (
    <section class="stack">
      {held.answer && <Given answer={held.answer} />}
      {late && !held.answer && <p class="soft">{t("notice-answer-late")}</p>}
      {!late && held.answer && !changing.value && (
        <button
          class="quiet"
          data-testid="answer-change"
          onClick={() => {
            changing.value = true;
          }}
        >
          {t("answer-change")}
        </button>
      )}
      {!late && (!held.answer || changing.value) && (
        <>
          <p class="soft small">{t("notice-answer-by", { time: until.time, date: `${until.weekday} ${until.solar}` })}</p>
          {REPLIES.map(({ reply, name, icon }) => (
            <button
              data-testid={`answer-${name}`}
              onClick={() => {
                chosen.value = reply;
              }}
            >
              <Icon name={icon} />
              {t(name)}
            </button>
          ))}
        </>
      )}
    </section>
  );
}

function Given({ answer: { answer: reply, state, code } }: { answer: NonNullable<NoticeVersion["answer"]> }): JSX.Element {
  const name = REPLIES.find((entry) => entry.reply === reply)?.name ?? "";
  if (state === "failed") {
    return (
      <Say tone="bad" icon="stop" live testid="answer-failed">
        {t(code === "seats_short" ? "answer-failed-seats" : "answer-failed")}
      </Say>
    );
  }
  return (
    <div data-testid="answer-given" data-state={state} data-answer={name}>
      <Say icon={state === "handed" ? "check" : "wait"} title={t("answer-was", { answer: t(name) })}>
        {t(`state-${state}`)}
      </Say>
    </div>
  );
}

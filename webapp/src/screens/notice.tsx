import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { readNotice } from "../acts.ts";
import { freshAt } from "../beat.ts";
import { about, loadAbout } from "../chunks.ts";
import { brief, clock, day } from "../dates.ts";
import { Icon, type IconName } from "../icons.tsx";
import { asksAnew, newest, noticeOf, placeOf, validUntil, wordsOf, type Standing } from "../notices.ts";
import { lang, Say, Screen, write } from "../parts.tsx";
import { plain } from "../plain.ts";
import { sendsPeople, verificationCode, type Notice } from "../protocol/notice.ts";
import { back } from "../router.ts";
import { isAsked, standing as standingNow } from "../standing.ts";
import { get, type NoticeFile, type NoticeVersion } from "../state.ts";
import { t } from "../strings.ts";
import { now } from "../time.ts";
import type { AnsweringProps } from "./answer.tsx";

const TONES: Record<Standing, { tone: "warn" | "good" | "bad" | undefined; icon: IconName }> = {
  unconfirmed: { tone: "warn", icon: "wait" },
  confirmed: { tone: "good", icon: "check" },
  lapsed: { tone: "warn", icon: "wait" },
  roster: { tone: "warn", icon: "wait" },
  cancelled: { tone: "bad", icon: "cannot" },
  replaced: { tone: "bad", icon: "cannot" },
  warned: { tone: "bad", icon: "stop" },
  void: { tone: "bad", icon: "stop" },
  over: { tone: undefined, icon: "wait" },
  advisory: { tone: undefined, icon: "question" },
  threat: { tone: "bad", icon: "stop" },
};
/** Of these only the day is told, struck out: whoever reads no more than an hour and a place shall not find them. */
const DEAD: readonly Standing[] = ["cancelled", "replaced", "warned", "void", "over"];
const KINDS = ["come", "change", "advisory", "threat"] as const;

export function NoticeScreen({ id, version }: { id: string; version: number }): JSX.Element | null {
  const file = get("notices").find((other) => other.id === id);
  const held = file?.versions[version];
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void readNotice(id, version);
  }, [id, version, held?.read]);
  const standing = file && held ? standingNow(file, version) : null;
  if (!file || !held || !standing) return null;
  const notice = noticeOf(held);
  const moves = sendsPeople(notice);
  const live = !DEAD.includes(standing);
  const anew = live && asksAnew(held) && held.answer?.answer !== 2;
  const answering = moves && held.own && <Answer id={id} version={version} held={held} standing={standing} />;
  return (
    <Screen id="notice" title={t(`notice-${KINDS[notice.kind - 1] ?? "come"}`)} back={back}>
      <Stand held={held} standing={standing} />
      {standing === "replaced" && <Newer file={file} />}
      {moves && <When notice={notice} live={live} />}
      {anew && (
        <Say tone="warn" icon="question" big live title={t("notice-anew")} testid="notice-anew">
          {t("notice-anew-text")}
        </Say>
      )}
      {anew && answering}
      {!anew && answering && isAsked(held, standing) && (
        // The answers stand below all there is to know first, far down on a small phone.
        <button
          class="main"
          data-testid="notice-answer"
          onClick={() => {
            place.current?.scrollIntoView({ block: "center" });
          }}
        >
          {t("notice-answer")}
        </button>
      )}
      <Facts held={held} notice={notice} standing={standing} live={live || !moves} />
      {!anew && answering && <div ref={place}>{answering}</div>}
      {moves && live && (
        <>
          <Say icon="safe">{t("notice-choice")}</Say>
          <Say icon="stop">{t("notice-fee")}</Say>
          <Say icon="document">{t("notice-pass")}</Say>
        </>
      )}
      <p class="soft small">{t("notice-checked", { codes: held.codes.join(", ") })}</p>
      <p class="small" data-testid="notice-code">
        {t("notice-code")} <bdi>{write(verificationCode(notice).replace(/\d{3}(?=\d{4})/g, "$& "))}</bdi>
      </p>
      <p class="soft small">
        {t("notice-version", { notice: id.slice(0, 6), version: write(version) })}
        {held.own && ` · ${t("notice-case")}: ${held.own.alias}`}
      </p>
    </Screen>
  );
}

/** Comes with what is needed now and then; what is missing is asked for again with each round. */
function Answer(props: AnsweringProps): JSX.Element {
  useEffect(() => {
    void loadAbout().catch(() => undefined);
  }, [freshAt.value]);
  const Answering = about.value?.Answering;
  return Answering ? <Answering {...props} /> : <p class="soft">{t("home-later")}</p>;
}

function Stand({ held, standing }: { held: NoticeVersion; standing: Standing }): JSX.Element {
  const { tone, icon } = TONES[standing];
  const values = { time: brief(held.goAt ?? 0, now(), lang()), until: brief(validUntil(held), now(), lang()) };
  const titled = standing !== "advisory" && standing !== "threat";
  return (
    <div data-testid="standing" data-standing={standing}>
      <Say tone={tone} icon={icon} big live title={titled ? t(`notice-${standing}`) : undefined}>
        {t(`notice-${standing}-text`, values)}
      </Say>
    </div>
  );
}

function Newer({ file }: { file: NoticeFile }): JSX.Element {
  return <p class="soft">{t("notice-version", { notice: file.id.slice(0, 6), version: write(newest(file)) })}</p>;
}

/** The date as people here read it, large; Gregorian below; hours in Kabul time. */
function When({ notice, live }: { notice: Notice; live: boolean }): JSX.Element {
  const from = day(notice.reportFrom, lang());
  const values = { from: from.time, until: clock(notice.reportUntil, lang()) };
  return (
    <section class={`card date ${live ? "" : "off"}`} data-testid="notice-date">
      <p>{from.weekday}</p>
      <p class="solar">{from.solar}</p>
      <p class="soft">{from.gregorian}</p>
      {live && (
        <>
          <p class="soft small">{t("notice-window")}</p>
          <p class="hour">{t("notice-window-value", values)}</p>
        </>
      )}
    </section>
  );
}

interface FactsProps {
  held: NoticeVersion;
  notice: Notice;
  standing: Standing;
  live: boolean;
}

function Facts({ held, notice, standing, live }: FactsProps): JSX.Element | null {
  if (!live) return null;
  const words = wordsOf(notice, lang());
  const place = placeOf(held, standing);
  const named = t(place.state === "none" ? "notice-place-none" : "notice-place-closed");
  return (
    <dl class="card facts">
      <Fact icon="office" name={t("notice-message")} text={words?.message} testid="notice-message" />
      {sendsPeople(notice) && (
        <Fact icon="place" name={t("notice-place")} text={place.text || named} testid="notice-place" />
      )}
      {notice.route !== 0 && <Fact icon="route" name={t("notice-route")} text={t(`route-${notice.route}`)} />}
      {sendsPeople(notice) && held.own && held.own.party > 0 && (
        <Fact
          icon="people"
          name={t("notice-seats")}
          text={t("notice-party", { count: held.own.party, shown: write(held.own.party) })}
        />
      )}
      <Fact icon="people" name={t("notice-who")} text={words?.who} />
      <Fact icon="bag" name={t("notice-bring")} text={words?.bring} />
      <Fact icon="leave" name={t("notice-leave")} text={words?.leave} />
      <Fact icon="document" name={t("notice-documents")} text={words?.documents} />
    </dl>
  );
}

interface FactProps {
  icon: IconName;
  name: string;
  text: string | undefined;
  testid?: string;
}

function Fact({ icon, name, text, testid }: FactProps): JSX.Element | null {
  if (!text) return null;
  return (
    <div>
      <Icon name={icon} />
      <dt>{name}</dt>
      <dd dir="auto" data-testid={testid}>
        {plain(text)}
      </dd>
    </div>
  );
}

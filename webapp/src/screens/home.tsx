import type { JSX } from "preact";
import { Icon, type IconName } from "../icons.tsx";
import { asksAnew, newest, noticeOf, type Standing } from "../notices.ts";
import { offline } from "../outbox.ts";
import { endOf, isOwn, permissions, stands, wantsRenewal } from "../permissions.ts";
import { lang, Say, Screen, write } from "../parts.tsx";
import { go, type Place } from "../router.ts";
import { isAsked, standing as standingNow } from "../standing.ts";
import { get, type Message, type NoticeFile } from "../state.ts";
import { brief, day } from "../dates.ts";
import { t } from "../strings.ts";
import { now } from "../time.ts";
import { Door } from "./door.tsx";
import { Freshness } from "./freshness.tsx";
import { LockTool } from "./locktool.tsx";

export const STATUSES: readonly { status: 1 | 2 | 3 | 4 | 5; name: string; icon: IconName }[] = [
  { status: 1, name: "safe", icon: "safe" },
  { status: 2, name: "help", icon: "help" },
  { status: 3, name: "moving", icon: "moving" },
  { status: 4, name: "ready", icon: "ready" },
  { status: 5, name: "cannot", icon: "cannot" },
];

/** How a message of one's own that came so far is shown. */
export const SENT: Partial<Record<Message["state"], { tone?: "warn" | "good" | "bad"; icon: IconName }>> = {
  waiting: { tone: "warn", icon: "wait" },
  handed: { icon: "check" },
  fetched: { icon: "opened" },
  opened: { tone: "good", icon: "opened" },
  failed: { tone: "bad", icon: "stop" },
};

export interface Current {
  file: NoticeFile;
  version: number;
  standing: Standing;
}

/** Notices that still matter: danger first, then the confirmed, then the newest; judged anew with each tick. */
export function currentNotices(): Current[] {
  const weights: Partial<Record<Standing, number>> = { threat: 3, confirmed: 2, warned: 2, void: 2, over: 0 };
  const weight = (standing: Standing): number => weights[standing] ?? 1;
  return get("notices")
    .flatMap((file) => {
      const version = newest(file);
      const standing = standingNow(file, version);
      return standing ? [{ file, version, standing }] : [];
    })
    .sort((a, b) => weight(b.standing) - weight(a.standing) || when(b) - when(a));
}

function when({ file, version }: Current): number {
  return file.versions[version]?.at ?? 0;
}

interface Step {
  text: string;
  tone?: "warn" | "good" | "bad" | undefined;
  icon: IconName;
  to?: Place | undefined;
}

/** The one thing to do now. */
function nextStep(notices: Current[]): Step {
  if (get("self").dropped) return { text: t("home-next-dropped"), tone: "bad", icon: "stop", to: { name: "help" } };
  const off = notices.find(({ standing }) => standing === "void");
  if (off) {
    const to: Place = { name: "notice", id: off.file.id, version: off.version };
    return { text: t("home-next-void"), tone: "bad", icon: "stop", to };
  }
  if (!stands("messages")) {
    return { text: t("home-next-consent"), tone: "warn", icon: "stop", to: { name: "settings" } };
  }
  for (const { file, version, standing } of notices) {
    const held = file.versions[version];
    if (!held) continue;
    const to: Place = { name: "notice", id: file.id, version };
    if (standing === "threat" && !held.read) return { text: t("notice-threat-text"), tone: "bad", icon: "stop", to };
    if (standing === "warned") return { text: t("home-next-warned"), tone: "bad", icon: "stop", to };
    if (standing === "confirmed" && !asksAnew(held)) {
      return { text: t("home-next-confirmed"), tone: "good", icon: "check", to };
    }
    if (!held.read) return { text: t("home-next-read"), tone: "warn", icon: "calendar", to };
    if (standing !== "unconfirmed" && standing !== "confirmed") continue;
    const asked = isAsked(held, standing);
    const text = t(asked ? "home-next-answer" : "home-next-unconfirmed");
    if (asked || held.answer?.answer !== 2) return { text, tone: "warn", icon: "wait", to };
  }
  if (unread() > 0) return { text: t("home-next-read"), icon: "message", to: { name: "thread" } };
  const asking = get("about").others.find(({ open }) => open.length > 0);
  if (asking) return { text: t("home-next-ask"), icon: "question", to: { name: "decide", office: asking.office } };
  const waiting = get("queue").length;
  if (waiting > 0 && offline.value) {
    return { text: t("home-next-queue", { count: waiting, shown: write(waiting) }), icon: "wait" };
  }
  const [first] = permissions().filter(wantsRenewal).sort((a, b) => endOf(a) - endOf(b));
  if (first) {
    const text = t("home-next-renew", { date: day(endOf(first), lang()).solar });
    return { text, tone: "warn", icon: "calendar", to: { name: isOwn(first) ? "settings" : "sharing" } };
  }
  return { text: t("home-next-none"), icon: "safe" };
}

function unread(): number {
  return get("messages").filter((message) => message.state === "new").length;
}

export function HomeScreen(): JSX.Element {
  const notices = currentNotices();
  const step = nextStep(notices);
  const latest = notices.find((notice) => notice.standing !== "over");
  return (
    <Screen
      id="home"
      title={t("home-title")}
      tools={
        <>
          <Tool icon="question" name="help" />
          <Tool icon="settings" name="settings" />
          <LockTool />
        </>
      }
    >
      {offline.value && <p class="soft small">{t("home-offline")}</p>}
      <Say tone={step.tone} icon={step.icon} big title={step.text} testid="next-step" live />
      {step.to && (
        <button class="main" data-testid="next-open" onClick={go.bind(null, step.to)}>
          {t("home-open")}
        </button>
      )}
      {latest && <Latest current={latest} />}
      <Statuses />
      <Letters />
      <Door to={{ name: "casefile" }} icon="people" text={t("home-casefile")} />
      <Freshness />
    </Screen>
  );
}

export function Statuses(): JSX.Element {
  return (
    <section class="stack">
      <h2>{t("home-status")}</h2>
      <div class="statuses">
        {STATUSES.map(({ status, name, icon }) => (
          <button
            class={name}
            data-testid={`status-${name}`}
            onClick={() => {
              go({ name: "status", status });
            }}
          >
            <Icon name={icon} size={32} />
            {t(`status-${name}`)}
          </button>
        ))}
      </div>
    </section>
  );
}

/** How far the last one came, and the way to all of them. */
export function Letters(): JSX.Element {
  const count = unread();
  return (
    <>
      <LastSent />
      <Door to={{ name: "thread" }} icon="message" text={t("home-messages")}>
        {count > 0 && <span class="badge">{t("home-new", { count, shown: write(count) })}</span>}
      </Door>
    </>
  );
}

/** What one sent last, and how far it came: whoever asked for help must see that it went out. */
function LastSent(): JSX.Element | null {
  const last = get("messages")
    .filter(({ mine }) => mine)
    .at(-1);
  if (!last) return null;
  const known = STATUSES.find(({ status }) => status === last.status);
  const { tone, icon } = SENT[last.state] ?? { icon: "message" };
  return (
    <div data-testid="last-sent" data-state={last.state}>
      <Say tone={tone} icon={icon} live title={known ? t(`status-${known.name}`) : t("home-last-text")}>
        {t(`state-${last.state}`)} · {brief(last.at, now(), lang())}
      </Say>
    </div>
  );
}

function Tool({ icon, name }: { icon: IconName; name: "help" | "settings" }): JSX.Element {
  return (
    <button
      class="round"
      aria-label={t(`home-${name}`)}
      data-testid={`open-${name}`}
      onClick={() => {
        go({ name });
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

function Latest({ current: { file, version, standing } }: { current: Current }): JSX.Element | null {
  const held = file.versions[version];
  if (!held) return null;
  const notice = noticeOf(held);
  const at = day(notice.reportFrom, lang());
  return (
    <button
      data-testid="latest-notice"
      data-standing={standing}
      onClick={() => {
        go({ name: "notice", id: file.id, version });
      }}
    >
      <Icon name="calendar" />
      <span>
        <span class="soft small">{t("home-notice")}</span>
        <br />
        {t(`notice-${["come", "change", "advisory", "threat"][notice.kind - 1] ?? "come"}`)}
        {notice.kind < 3 && ` · ${at.weekday} ${at.solar}`}
        <br />
        <span class="small">
          {standing !== "advisory" && standing !== "threat" && t(`notice-${standing}`)}
        </span>
      </span>
    </button>
  );
}

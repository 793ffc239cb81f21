import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { readMessages, send } from "../acts.ts";
import { freshAt } from "../beat.ts";
import { attach, loadAttach } from "../chunks.ts";
import { brief } from "../dates.ts";
import { Icon } from "../icons.tsx";
import { stands } from "../permissions.ts";
import { lang, Say, Screen, write } from "../parts.tsx";
import { daysKept } from "../retention.ts";
import { back } from "../router.ts";
import { get, type Message } from "../state.ts";
import { t } from "../strings.ts";
import { now } from "../time.ts";
import { SENT, STATUSES } from "./home.tsx";

const MAX_BYTES = 4000;

interface ThreadProps {
  /** Bytes of one message. */
  most?: number;
  /** Why nothing more can be written. */
  full?: string | undefined;
}

export function ThreadScreen({ most = MAX_BYTES, full }: ThreadProps): JSX.Element {
  const messages = [...get("messages")].sort((a, b) => a.at - b.at);
  const rejected = useSignal(get("ledger").rejected);
  const end = useRef<HTMLDivElement>(null);
  const fresh = messages.filter((message) => message.state === "new").length;
  useEffect(() => {
    void readMessages();
  }, [fresh]);
  useEffect(() => {
    // What is missing here is asked for again with each round.
    void loadAttach().catch(() => undefined);
  }, [freshAt.value]);
  useEffect(() => {
    end.current?.scrollIntoView();
  }, [messages.length]);
  return (
    <Screen id="thread" title={t("thread-title")} back={back}>
      <p class="soft small">{t("thread-timer", { days: write(daysKept()) })}</p>
      {messages.length === 0 && <p class="soft">{t("thread-empty")}</p>}
      <ul class="bubbles" data-testid="messages">
        {messages.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
      </ul>
      {rejected.value > 0 && (
        <Say tone="warn" icon="stop" testid="thread-rejected">
          {t("thread-rejected")}
        </Say>
      )}
      <Compose most={most} full={full} />
      <div ref={end} />
    </Screen>
  );
}

function Bubble({ message }: { message: Message }): JSX.Element {
  const { mine, state, status, text, at, from, gap, ask, fields, attachment } = message;
  const Inset = attach.value?.Inset;
  const known = STATUSES.find((entry) => entry.status === status);
  const icon = SENT[state]?.icon;
  return (
    <>
      {gap && <li class="soft small">{t("thread-gap")}</li>}
      <li class={`bubble ${mine ? "mine" : ""}`} data-testid="message" data-mine={mine} data-state={state}>
        {known && (
          <p class="status">
            <Icon name={known.icon} />
            {t(`status-${known.name}`)}
          </p>
        )}
        {(fields ?? ask ?? attachment) && (Inset ? <Inset message={message} /> : t("working"))}
        {text && (
          <p dir="auto" data-testid="message-text">
            {text}
          </p>
        )}
        <p class="meta">
          <span>{mine ? t("thread-me") : t("thread-from", { code: from })}</span>
          <span>{brief(at, now(), lang())}</span>
          {mine && icon && (
            <>
              <Icon name={icon} size={16} />
              <span data-testid="message-state">{t(`state-${state}`)}</span>
            </>
          )}
        </p>
      </li>
    </>
  );
}

function Compose({ most, full }: ThreadProps & { most: number }): JSX.Element {
  const typed = useSignal("");
  const tooLong = new TextEncoder().encode(typed.value).length > most;
  const AttachDoor = get("self").unverified ? undefined : attach.value?.AttachDoor;
  const closed = full ?? (stands("messages") ? undefined : t("home-next-consent"));
  const submit = (): void => {
    const text = typed.value.trim();
    typed.value = "";
    void send(text);
  };
  if (closed) return <Say icon="stop">{closed}</Say>;
  return (
    <>
      {tooLong && (
        <Say tone="bad" icon="stop" live>
          {t("thread-too-long")}
        </Say>
      )}
      <form
        class="compose"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {AttachDoor && <AttachDoor />}
        <textarea
          class="line grow"
          rows={1}
          dir="auto"
          aria-label={t("thread-write")}
          placeholder={t("thread-write")}
          value={typed.value}
          data-testid="thread-input"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <button class="main" type="submit" disabled={typed.value.trim() === "" || tooLong} data-testid="thread-send">
          {t("thread-send")}
        </button>
      </form>
    </>
  );
}

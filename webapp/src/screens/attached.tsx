import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Malformed, Refused } from "../protocol/errors.ts";
import { again, bring, errandOf, giveUp, progress, type Attached as Message } from "../attachments.ts";
import { Answered, Offline } from "../faults.ts";
import { Icon } from "../icons.tsx";
import { Say, write } from "../parts.tsx";
import { open } from "../state.ts";
import { t } from "../strings.ts";

/** Why the relay did not take one, in words; for the rest the message's own state has to do. */
const REFUSALS: Record<string, string> = {
  attachment_quota: "attach-quota",
  attachments_too_many: "attach-many",
  no_consent: "home-next-consent",
};

/** `1:05`. */
export function minutes(seconds: number): string {
  return write(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
}

export function kilobytes(bytes: number): string {
  return t("attach-size", { size: write(Math.ceil(bytes / 1000)) });
}

function wordsFor(error: unknown): string {
  if (error instanceof Offline) return t("attach-broke");
  if (error instanceof Malformed || error instanceof Refused) return t("attach-refused");
  if (error instanceof Answered && error.code === "attachment_unknown") return t("attach-unknown");
  if (error instanceof Answered) return t(error.status === 429 ? "error-busy" : "error-server");
  return t("attach-no-room");
}

/** A photograph or voice note within its message. Nothing is fetched before somebody asks for it. */
export function Attached({ message }: { message: Message }): JSX.Element {
  const { attachment, mine, state, code = "" } = message;
  const voice = attachment.seconds > 0;
  const size = kilobytes(attachment.size);
  const label = voice ? t("attach-note", { time: minutes(attachment.seconds) }) : t("attach-photograph", { size });
  const [shown, fault, busy] = [useSignal(""), useSignal(""), useSignal(false)];
  useEffect(() => () => {
    if (shown.peek()) URL.revokeObjectURL(shown.peek());
  }, []);
  const act = (work: () => Promise<unknown>): void => {
    fault.value = "";
    busy.value = true;
    work()
      .catch((error: unknown) => {
        if (open.value) fault.value = wordsFor(error);
      })
      .finally(() => {
        busy.value = false;
      });
  };
  const show = async (): Promise<void> => {
    const blob = await bring(message);
    if (open.value) shown.value = URL.createObjectURL(blob);
  };
  const waits = errandOf(message) !== undefined;
  const parts = { done: write(progress.value[message.id] ?? 0), all: write(attachment.count) };
  const failed = state === "failed";
  const refusal = REFUSALS[code];
  return (
    <div class="stack" data-testid="attachment">
      <p class="status">
        <Icon name={voice ? "voice" : "picture"} />
        {label}
      </p>
      {shown.value ? (
        <Shown voice={voice} url={shown.value} label={label} failed={() => (fault.value = t("attach-refused"))} />
      ) : (
        <Act name={voice ? "play" : "show"} of={label} disabled={busy.value} act={() => { act(show); }} />
      )}
      {(waits || (busy.value && !mine)) && (
        <p class="soft small" role="status" data-testid="attachment-parts">
          {t("attach-parts", parts)}
        </p>
      )}
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="attachment-fault">
          {fault.value}
        </Say>
      )}
      {failed && refusal && <p class="small">{t(refusal)}</p>}
      {failed && <Act name="again" disabled={busy.value} act={() => { act(() => again(message)); }} />}
      {(waits || failed) && <Act name="discard" disabled={busy.value} act={() => { act(() => giveUp(message)); }} />}
    </div>
  );
}

interface ActProps {
  name: "show" | "play" | "again" | "discard";
  /** Said by screen readers too: there may be several in the thread. */
  of?: string;
  disabled: boolean;
  act: () => void;
}

function Act({ name, of, disabled, act }: ActProps): JSX.Element {
  const text = t(`attach-${name}`);
  return (
    <button
      class={name === "discard" ? "quiet" : ""}
      disabled={disabled}
      aria-label={of && `${text}: ${of}`}
      data-testid={`attachment-${name}`}
      onClick={act}
    >
      {text}
    </button>
  );
}

interface ShownProps {
  voice: boolean;
  url: string;
  label: string;
  /** This phone cannot show it. */
  failed?: () => void;
}

export function Shown({ voice, url, label, failed }: ShownProps): JSX.Element {
  // A file saved from here would lie outside the lock.
  if (voice) {
    const style = { width: "100%", minWidth: 200 };
    return (
      <audio
        controls
        controlsList="nodownload"
        src={url}
        aria-label={label}
        style={style}
        data-testid="attachment-voice"
        onError={failed}
      />
    );
  }
  const style = { maxWidth: "100%", maxHeight: "60vh", alignSelf: "center", borderRadius: 12 };
  return <img src={url} alt={label} style={style} data-testid="attachment-picture" onError={failed} />;
}

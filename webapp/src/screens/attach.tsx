/** Making a photograph or voice note: chosen or recorded, looked at or heard, and only then sent. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { attach, TYPES, type Medium } from "../attachments.ts";
import { Icon } from "../icons.tsx";
import { Say, Screen, Spinner } from "../parts.tsx";
import { photograph, readPicture, SIZES, UnfitFile, USUAL } from "../photograph.ts";
import { back } from "../router.ts";
import { open } from "../state.ts";
import { t } from "../strings.ts";
import { canRecord, LONGEST, record, type Recording } from "../voice.ts";
import { kilobytes, minutes, Shown } from "./attached.tsx";

/** Letters of the caption: in any script they fit. */
const LONGEST_CAPTION = 250;

export function AttachScreen(): JSX.Element {
  const image = useSignal<HTMLImageElement | null>(null);
  const recording = useSignal<Recording | null>(null);
  const note = useSignal<Medium | null>(null);
  const fault = useSignal("");
  const busy = useSignal(false);
  const left = useRef(false);
  // Whoever leaves, or locks, records no longer.
  useEffect(() => () => {
    left.current = true;
    recording.peek()?.stop();
  }, []);
  const again = (): void => {
    image.value = null;
    note.value = null;
    fault.value = "";
  };
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    busy.value = true;
    again();
    try {
      image.value = await readPicture(file);
    } catch (error) {
      fault.value = t(error instanceof UnfitFile ? error.words : "attach-not-picture");
    }
    busy.value = false;
  };
  const speak = async (): Promise<void> => {
    again();
    busy.value = true;
    try {
      const begun = await record();
      if (left.current) begun.stop();
      recording.value = begun;
      busy.value = false;
      note.value = await begun.done;
    } catch {
      fault.value = t("attach-no-microphone");
    }
    busy.value = false;
    recording.value = null;
  };
  const body = (): JSX.Element => {
    if (busy.value) return <Spinner text={t("working")} />;
    if (recording.value) return <Recorder recording={recording.value} />;
    if (image.value) return <Picture image={image.value} again={again} />;
    if (note.value) return <Finished medium={note.value} again={again} />;
    return <Choice choose={choose} speak={speak} />;
  };
  return (
    <Screen id="attach" title={t("attach-title")} back={back}>
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="attach-fault">
          {fault.value}
        </Say>
      )}
      {body()}
    </Screen>
  );
}

interface ChoiceProps {
  choose: (file: File | undefined) => Promise<void>;
  speak: () => Promise<void>;
}

function Choice({ choose, speak }: ChoiceProps): JSX.Element {
  return (
    <>
      <p>{t("attach-lead")}</p>
      <div class="stack">
        <PictureInput name="camera" choose={choose} />
        <PictureInput name="picture" choose={choose} />
        {canRecord() ? (
          <button data-testid="attach-voice" onClick={() => void speak()}>
            <Icon name="voice" />
            {t("attach-voice")}
          </button>
        ) : (
          <Say icon="stop">{t("attach-no-recording")}</Say>
        )}
      </div>
      <p class="soft small">{t("attach-gallery")}</p>
    </>
  );
}

function PictureInput({ name, choose }: Pick<ChoiceProps, "choose"> & { name: "camera" | "picture" }): JSX.Element {
  return (
    <label class="file">
      <Icon name={name} />
      {t(`attach-${name}`)}
      <input
        type="file"
        accept="image/*"
        capture={name === "camera" ? "environment" : undefined}
        data-testid={`attach-${name}`}
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
    </label>
  );
}

function Recorder({ recording }: { recording: Recording }): JSX.Element {
  const left = useSignal(LONGEST);
  useEffect(() => {
    const timer = setInterval(() => {
      left.value -= 1;
      if (left.value <= 0) recording.stop();
    }, 1000);
    document.addEventListener("visibilitychange", recording.stop);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", recording.stop);
    };
  }, [recording]);
  return (
    <>
      <Say icon="voice" big title={t("attach-recording")}>
        {/* Not live: a screen reader would speak into the recording. */}
        <span data-testid="attach-left">{t("attach-left", { time: minutes(left.value) })}</span>
      </Say>
      <button class="main" data-testid="attach-stop" onClick={recording.stop}>
        {t("attach-stop")}
      </button>
    </>
  );
}

/** As it will be seen, with its size; smaller or sharper at choice. */
function Picture({ image, again }: { image: HTMLImageElement; again: () => void }): JSX.Element {
  const size = useSignal<number>(USUAL);
  const medium = useSignal<Medium | null>(null);
  const fault = useSignal("");
  useEffect(() => {
    let left = false;
    medium.value = null;
    photograph(image, size.value).then(
      (made) => {
        if (!left) medium.value = made;
      },
      () => {
        if (!left) fault.value = t("attach-not-picture");
      },
    );
    return () => {
      left = true;
    };
  }, [image, size.value]);
  if (fault.value) return <Say tone="bad" icon="stop" live>{fault.value}</Say>;
  return (
    <>
      <label class="field">
        {t("attach-sharpness")}
        <input
          type="range"
          min={0}
          max={SIZES.length - 1}
          step={1}
          value={size.value}
          style={{ height: "44px", margin: 0, width: "100%", accentColor: "var(--main)" }}
          aria-valuetext={t(`attach-sharpness-${size.value}`)}
          data-testid="attach-sharpness"
          onChange={(event) => {
            size.value = Number(event.currentTarget.value);
          }}
        />
        <span class="soft small">{t(`attach-sharpness-${size.value}`)}</span>
      </label>
      {medium.value ? <Finished medium={medium.value} again={again} /> : <Spinner text={t("working")} />}
    </>
  );
}

/** To be looked at or heard before it goes. */
function Finished({ medium, again }: { medium: Medium; again: () => void }): JSX.Element {
  const { data, media, seconds } = medium;
  const url = useSignal("");
  const fault = useSignal("");
  const sending = useSignal(false);
  const caption = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    url.value = URL.createObjectURL(new Blob([data], { type: TYPES[media] }));
    return () => {
      URL.revokeObjectURL(url.value);
    };
  }, [data]);
  const label = seconds > 0 ? t("attach-note", { time: minutes(seconds) }) : t("attach-photograph", { size: kilobytes(data.length) });
  const send = async (): Promise<void> => {
    sending.value = true;
    try {
      await attach(medium, caption.current?.value.trim() ?? "");
      back();
    } catch {
      if (open.value) fault.value = t("attach-no-room");
      sending.value = false;
    }
  };
  return (
    <>
      {url.value && <Shown voice={seconds > 0} url={url.value} label={label} />}
      <p data-testid="attach-size" data-media={media}>{label}</p>
      <label class="field">
        {t("status-note")}
        <textarea class="line" rows={1} dir="auto" maxLength={LONGEST_CAPTION} ref={caption} data-testid="attach-caption" />
      </label>
      {fault.value && <Say tone="bad" icon="stop" live testid="attach-fault">{fault.value}</Say>}
      <div class="stack foot">
        <button class="main" disabled={sending.value} data-testid="attach-send" onClick={() => void send()}>
          {t("status-send")}
        </button>
        <button class="quiet" onClick={again} data-testid="attach-discard">
          {t("attach-discard")}
        </button>
      </div>
    </>
  );
}

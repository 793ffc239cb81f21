import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { watch } from "../scanner.ts";
import { Icon } from "../icons.tsx";
import { Say } from "../parts.tsx";
import { t } from "../strings.ts";

/** Looks for a letter's code through the camera until one is accepted. */
export function Camera({ accept, found, instead }: {
  accept: (text: string) => boolean;
  found: (text: string) => void;
  /** To the twelve words, where there is no camera. */
  instead: () => void;
}): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const off = useSignal(false);
  useEffect(() => {
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      if (video.current) found(await watch(video.current, accept, stop.signal));
    };
    look().catch(() => {
      if (!stop.signal.aborted) off.value = true;
    });
    return () => {
      stop.abort();
    };
  }, []);
  if (off.value) {
    return (
      <>
        <Say icon="stop" live testid="camera-off">
          {t("letter-camera-off")}
        </Say>
        <button class="main" onClick={instead} data-testid="camera-instead">
          <Icon name="words" />
          {t("letter-words")}
        </button>
      </>
    );
  }
  return (
    <>
      <video ref={video} muted playsInline aria-label={t("letter-scan-hint")} />
      <p>{t("letter-scan-hint")}</p>
    </>
  );
}

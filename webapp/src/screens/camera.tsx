import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { watch } from "../scanner.ts";
import { Say } from "../parts.tsx";
import { t } from "../strings.ts";

/** Looks for a letter's code through the camera until one is accepted. */
export function Camera({ accept, found }: {
  accept: (text: string) => boolean;
  found: (text: string) => void;
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
      <Say icon="cannot" live testid="camera-off">
        {t("letter-camera-off")}
      </Say>
    );
  }
  return (
    <>
      <video ref={video} muted playsInline aria-label={t("letter-scan-hint")} />
      <p>{t("letter-scan-hint")}</p>
    </>
  );
}

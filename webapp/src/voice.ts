/** A voice note from the microphone, as Opus. */
import { CHUNK, Media } from "./protocol/attachment.ts";
import type { Medium } from "./attachments.ts";

/** Seconds. */
export const LONGEST = 60;
/** Enough for speech. */
const BITS_PER_SECOND = 20_000;
/** Bytes; a browser may record more than it was asked for. With what comes until it stops, it stays an attachment. */
const MOST = 14 * CHUNK;
const FORMS = [
  { type: "audio/ogg;codecs=opus", media: Media.oggOpus },
  { type: "audio/webm;codecs=opus", media: Media.webmOpus },
];

export interface Recording {
  /** Ends it; `done` then resolves. */
  stop: () => void;
  /** The voice note; rejects when nothing was recorded. */
  done: Promise<Medium>;
}

/** True where this browser records what officers can open. */
export function canRecord(): boolean {
  return form() !== undefined;
}

function form(): (typeof FORMS)[number] | undefined {
  if (!("MediaRecorder" in window) || !("mediaDevices" in navigator)) return undefined;
  return FORMS.find(({ type }) => MediaRecorder.isTypeSupported(type));
}

/** Begins to record. Rejects when the person, or the phone, does not allow it. */
export async function record(): Promise<Recording> {
  const chosen = form();
  if (!chosen) throw new Error("this browser does not record Opus");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const recorder = new MediaRecorder(stream, { mimeType: chosen.type, audioBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  const stop = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const begun = Date.now();
  const done = new Promise<Blob>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => {
      parts.push(data);
      if (new Blob(parts).size > MOST) stop();
    };
    recorder.onerror = () => {
      reject(new Error("recording broke off"));
    };
    recorder.onstop = () => {
      resolve(new Blob(parts));
    };
  }).then(async (blob): Promise<Medium> => {
    // To the next full second, as a clock beside it shows; a phone's clock that was set meanwhile must not spoil it.
    const seconds = Math.min(Math.max(1, Math.round((Date.now() - begun) / 1000)), LONGEST);
    const data = new Uint8Array(await blob.arrayBuffer());
    if (data.length === 0) throw new Error("nothing was recorded");
    return { media: chosen.media, seconds, width: 0, height: 0, data };
  });
  const release = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  done.then(release, release);
  recorder.start(1000);
  return { stop, done };
}

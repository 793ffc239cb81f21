/** Reads square codes from pictures and from the camera. Loaded only when somebody scans. */
import jsQR from "jsqr";

const LARGEST = 1600;
const BETWEEN_LOOKS = 180;

function read(source: CanvasImageSource, width: number, height: number): string | null {
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || canvas.width === 0 || canvas.height === 0) return null;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(data, canvas.width, canvas.height)?.data ?? null;
}

/** The text of the code in a picture, or null when there is none or it is no picture. */
export async function readPicture(file: Blob): Promise<string | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  try {
    return read(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}

/** Shows the camera in `video` until a code is accepted. Rejects when there is no camera or `stop` is raised. */
export async function watch(
  video: HTMLVideoElement,
  accept: (text: string) => boolean,
  stop: AbortSignal,
): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  try {
    video.srcObject = stream;
    await video.play();
    for (;;) {
      stop.throwIfAborted();
      const found = read(video, video.videoWidth, video.videoHeight);
      if (found !== null && accept(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** A picture made small: drawn anew from its pixels, so that nothing else of its file is left (place, time, camera). */
import { CHUNK, Media } from "./protocol/attachment.ts";
import type { Bytes } from "./protocol/bytes.ts";
import type { Medium } from "./attachments.ts";

const MOST = 20_000_000;
/** From small to sharp: bytes at most, by whole counts of chunks, and pixels of the longest side. */
export const SIZES = [
  { bytes: 4 * CHUNK, side: 1000 },
  { bytes: 8 * CHUNK, side: 1280 },
  { bytes: 12 * CHUNK, side: 1600 },
  { bytes: 16 * CHUNK, side: 1600 },
] as const;
export const USUAL = 2;

/** A file that cannot be sent, with the words for it. */
export class UnfitFile extends Error {
  readonly words: "attach-too-large" | "attach-not-picture";

  constructor(words: UnfitFile["words"]) {
    super(words);
    this.words = words;
  }
}

/** The picture in a file, upright. Throws UnfitFile. */
export async function readPicture(file: File): Promise<HTMLImageElement> {
  if (file.size > MOST) throw new UnfitFile("attach-too-large");
  const url = URL.createObjectURL(file);
  try {
    // An element turns the picture as its file says in every browser; createImageBitmap did not in older ones.
    const image = new Image();
    image.src = url;
    await image.decode();
    if (image.naturalWidth * image.naturalHeight === 0) throw new UnfitFile("attach-not-picture");
    return image;
  } catch {
    throw new UnfitFile("attach-not-picture");
  } finally {
    URL.revokeObjectURL(url);
  }
}

const [LEAST_QUALITY, BEST_QUALITY] = [0.4, 0.92];

/** The best that `encode` gives within so many bytes: first by quality, and only then by fewer pixels. */
export async function fit<T extends { data: Bytes }>(
  bytes: number,
  encode: (scale: number, quality: number) => Promise<T>,
): Promise<T> {
  for (let scale = 1; scale > 0.05; scale *= 0.75) {
    const best = await encode(scale, BEST_QUALITY);
    if (best.data.length <= bytes) return best;
    let found = await encode(scale, LEAST_QUALITY);
    if (found.data.length > bytes) continue;
    let [low, high] = [LEAST_QUALITY, BEST_QUALITY];
    while (high - low > 0.07) {
      const quality = (low + high) / 2;
      const tried = await encode(scale, quality);
      if (tried.data.length > bytes) high = quality;
      else [low, found] = [quality, tried];
    }
    return found;
  }
  throw new UnfitFile("attach-not-picture");
}

/** As JPEG, which every officer's computer opens. Throws UnfitFile. */
export async function photograph(image: HTMLImageElement, size: number): Promise<Medium> {
  const { bytes, side } = SIZES[size] ?? SIZES[USUAL];
  const { naturalWidth, naturalHeight } = image;
  const most = Math.min(1, side / Math.max(naturalWidth, naturalHeight));
  return fit(bytes, async (scale, quality) => {
    const canvas = document.createElement("canvas");
    const pixels = (of: number): number => Math.max(1, Math.round(of * most * scale));
    const [width, height] = [pixels(naturalWidth), pixels(naturalHeight)];
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    if (!pen) throw new UnfitFile("attach-not-picture");
    // JPEG knows nothing to see through: without this it were black.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, "image/jpeg", quality);
    });
    if (blob?.type !== "image/jpeg") throw new UnfitFile("attach-not-picture");
    return { media: Media.jpeg, seconds: 0, width, height, data: new Uint8Array(await blob.arrayBuffer()) };
  });
}

/**
 * An office's words without embeddings, overrides and isolates of direction: by these a text reads otherwise than it is
 * written, a time backwards say, and they reach beyond it. Letters carry their direction in themselves.
 */
export function plain(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** JSON that carries byte strings, for what is sealed on the phone. Never for the wire. */

const TAG = "$bytes";

function toText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

export function pack(value: unknown): Uint8Array {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    item instanceof Uint8Array ? { [TAG]: toText(item) } : item,
  );
  return new TextEncoder().encode(text);
}

export function unpack(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes), (_key, item: unknown) => {
    if (typeof item !== "object" || item === null || !(TAG in item)) return item;
    return toBytes(String(item[TAG]));
  });
}

/** The newest roster as the relay names it with each answer. */
import { toBase64Url } from "./protocol/encoding.ts";
import { Offline, Stopped } from "./faults.ts";
import type { Office } from "./state.ts";

export interface Head {
  version: number;
  hash: string;
}

export function readHead(answer: unknown): Head {
  const head = (answer as { roster?: { version?: unknown; hash?: unknown } } | null)?.roster;
  if (typeof head?.version !== "number" || typeof head.hash !== "string") throw new Offline();
  return { version: head.version, hash: head.hash };
}

/** True when the relay's head is the pinned roster. Throws Stopped for an older head, or another of this version. */
export function agrees(office: Office, head: Head): boolean {
  if (head.version < office.pin.version) throw new Stopped("rollback");
  if (head.version > office.pin.version) return false;
  if (head.hash !== toBase64Url(office.pin.hash)) throw new Stopped("fork");
  return office.wire !== undefined;
}

/** The keys of this page: they come in a file, and stay behind its PIN. */
import * as keyfile from "../keyfile.ts";
import * as lock from "../lock.ts";
import * as opening from "../opening.ts";
import { random, toBase64Url } from "../protocol/encoding.ts";
import { deviceKeys } from "../protocol/keys.ts";
import { Safe } from "../safe.ts";
import { get, unseal, type Ledger, type Link, type Parts, type Settings } from "../state.ts";
import { beginAt, now } from "../time.ts";
import { lasting, persist } from "./disk.ts";
import * as file from "./file.ts";

/** Opens the file and keeps what it holds. Throws WrongPin or Malformed. */
export async function arrive(shut: keyfile.Shut, pin: string): Promise<void> {
  const { opened, parts } = await keyfile.open(shut, pin);
  beginAt(parts.office.floor);
  const begun = resumed(parts, now());
  if (lasting.value) {
    const own = { tail: "", farewell: "" };
    const made = await lock.create(pin, own, ({ key, id }) => new Safe(key, id).save({ ...begun }));
    await unseal(new Safe(made.key, made.id));
    await persist();
  } else await file.hold(shut, opened, begun);
}

/** Opens with the PIN what this page keeps. */
export async function unlock(pin: string): Promise<lock.Unlocked> {
  if (lasting.value) return opening.unlock(pin);
  const result = await file.unlock(pin);
  if (result.state === "open") beginAt(get("office").floor);
  return result;
}

/**
 * What a key file holds, so that it does no harm if it is an old copy (docs/THREATS.md).
 *
 * What was sent and signed after it was saved is not in it. No counter must come twice, so all of them leap to the
 * clock's seconds, which nobody reaches by counting: the office sees a gap, as after any message that never came. And
 * what called a notice off may have been read and destroyed since: none that it holds is followed any more.
 */
export function resumed(parts: Parts, at: number): Parts {
  const { ledger, notices, settings } = parts;
  const thread = toBase64Url(deviceKeys.decode(parts.self.keys).record.owner);
  const leapt = (counter = 0): number => Math.max(counter + 1, at);
  const beyond = ({ counter, hash }: Partial<Link> = {}): Link => ({ counter: leapt(counter), hash: hash ?? random(32) });
  const sent: Ledger["sent"] = { [thread]: beyond() };
  for (const [name, link] of Object.entries(ledger.sent)) sent[name] = beyond(link);
  const statements = Object.fromEntries(Object.entries(ledger.statements).map(([name, last]) => [name, leapt(last)]));
  const held = notices.flatMap(({ versions }) => Object.values(versions).map((version) => version.at));
  const withdrawnAt = held.length > 0 ? Math.max(settings.withdrawnAt ?? 0, ...held) : settings.withdrawnAt;
  const doubted: Settings = { ...settings, ...(withdrawnAt !== undefined && { withdrawnAt }) };
  return { ...parts, ledger: { ...ledger, sent, statements }, settings: doubted };
}

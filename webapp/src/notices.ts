/** Notices as this phone may believe them. What sends people somewhere is unconfirmed until a valid go says otherwise. */
import type { Bytes } from "./protocol/bytes.ts";
import { checkCaller, checkGo, signedCancel, signedGo } from "./protocol/decision.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused } from "./protocol/errors.ts";
import { hasPlace, NoticeKind, noticeRecord, openPlace, sendsPeople, type Notice, type NoticeText } from "./protocol/notice.ts";
import { isCurrent, type Roster } from "./protocol/roster.ts";
import { warnedUntil, type Warnings } from "./protocol/warning.ts";
import type { Decision, NoticeFile, NoticeVersion } from "./state.ts";
import type { Language } from "./strings.ts";

export type Standing =
  | "unconfirmed"
  | "confirmed"
  | "lapsed"
  | "roster"
  | "cancelled"
  | "replaced"
  | "warned"
  | "void"
  | "over"
  | "advisory"
  | "threat";

/** Seconds before the report window from which a change is to be acknowledged. */
const LATE = 6 * 3600;
const parsed = new WeakMap<Bytes, Notice>();

export function noticeOf(version: NoticeVersion): Notice {
  let notice = parsed.get(version.notice);
  if (!notice) parsed.set(version.notice, (notice = noticeRecord.decode(version.notice)));
  return notice;
}

export function newest(file: NoticeFile): number {
  return Math.max(...Object.keys(file.versions).map(Number));
}

export interface Judging {
  roster: Roster;
  now: number;
  /** Whatever sends people somewhere and was sent until then is void: its changes may not have come (standing.ts). */
  voidUntil: number;
  /** Threat alerts that came: they void whatever was approved before them. */
  warnings: Warnings;
}

/** What may be believed of a version at `now`, by the roster followed. */
export function standingOf(file: NoticeFile, number: number, judging: Judging): Standing {
  const { roster, now, voidUntil } = judging;
  const held = file.versions[number];
  if (!held) throw new Error("no such version");
  const notice = noticeOf(held);
  if (held.cancelled) return "cancelled";
  if (number < newest(file)) return "replaced";
  if (now >= notice.expires) return "over";
  if (!sendsPeople(notice)) return notice.kind === 4 ? "threat" : "advisory";
  const warned = warnedUntil(judging.warnings, notice);
  if ((held.approvedAt ?? 0) <= warned) return "warned";
  if (held.at <= voidUntil) return "void";
  if (!held.go || (held.goAt ?? 0) <= warned) return "unconfirmed";
  if (now >= signedGo.decode(held.go).value.validUntil) return "lapsed";
  if (!isCurrent(roster, now)) return "roster";
  // Judged anew each time: an officer removed since then confirms nothing any more.
  return goHolds(held, roster, now) ? "confirmed" : "unconfirmed";
}

function goHolds(held: NoticeVersion, roster: Roster, now: number): boolean {
  if (!held.go) return false;
  try {
    checkGo(signedGo.decode(held.go), noticeOf(held), roster, now);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

export interface Place {
  state: "none" | "closed" | "open";
  text: string;
}

/** Whether a change came so late that whoever goes by it says yes anew before its place is told. */
export function asksAnew(held: NoticeVersion): boolean {
  const { came = 0, own, answer } = held;
  const { kind, reportFrom } = noticeOf(held);
  const said = answer?.answer === 1 && answer.state !== "failed";
  return kind === NoticeKind.change && own !== null && came >= reportFrom - LATE && !said;
}

/** The place, only while the version stands confirmed. */
export function placeOf(held: NoticeVersion, standing: Standing): Place {
  const notice = noticeOf(held);
  if (!hasPlace(notice)) return { state: "none", text: "" };
  if (standing !== "confirmed" || !held.go || asksAnew(held)) return { state: "closed", text: "" };
  return { state: "open", text: openPlace(notice, signedGo.decode(held.go).value.placeKey) };
}

export function validUntil(held: NoticeVersion): number {
  return held.go ? signedGo.decode(held.go).value.validUntil : 0;
}

/** The office's words in the person's language, else in English, else as they come. */
export function wordsOf(notice: Notice, language: Language): NoticeText | undefined {
  const find = (code: string): NoticeText | undefined => notice.texts.find((text) => text.language === code);
  return find(language) ?? find("en") ?? notice.texts[0];
}

/**
 * The files with one more version. The same version again changes nothing, but for one that is void: the office has
 * sent it anew since.
 */
export function addVersion(
  files: NoticeFile[],
  number: number,
  version: NoticeVersion,
  voidUntil = -1,
): NoticeFile[] {
  const id = toBase64Url(noticeOf(version).notice);
  const file = files.find((other) => other.id === id) ?? { id, versions: {} };
  const held = file.versions[number];
  if (held && held.contentHash !== version.contentHash) throw new Refused("two notices of one version");
  const holds = held && (held.at > voidUntil || version.at <= voidUntil);
  const next = { id, versions: { ...file.versions, [number]: holds ? held : version } };
  return [...files.filter((other) => other.id !== id), next];
}

/**
 * Applies a signed go to the version it names. Returns null when that version is not here yet; throws Refused when it
 * does not hold. A go for a cancelled or replaced version is taken in without effect.
 */
export function confirm(files: NoticeFile[], wire: Bytes, roster: Roster, now: number): NoticeFile[] | null {
  const signed = signedGo.decode(wire);
  const { notice, version } = signed.value;
  const id = toBase64Url(notice);
  const held = files.find((other) => other.id === id)?.versions[version];
  if (!held) return null;
  const go = checkGo(signed, noticeOf(held), roster, now);
  if (held.cancelled || (held.goAt !== undefined && held.goAt >= go.issued)) return files;
  return changed(files, id, (each, number) =>
    number === version ? { ...each, go: wire, goAt: go.issued, read: false } : each,
  );
}

/**
 * Applies a signed cancel to the version it names and all older ones. Throws Refused when it does not hold: no
 * coordinator of this office, or that version is here and reads otherwise.
 */
export function callOff(files: NoticeFile[], wire: Bytes, roster: Roster): NoticeFile[] {
  const cancel = checkCaller(signedCancel.decode(wire), roster);
  const id = toBase64Url(cancel.notice);
  const held = files.find((other) => other.id === id)?.versions[cancel.version];
  if (held && held.contentHash !== toBase64Url(cancel.contentHash)) throw new Refused("another notice was called off");
  return calledOff(files, wire);
}

/** Applies a cancel that was checked when it came: what it calls off may come later, and its signer may have left. */
export function calledOff(files: NoticeFile[], wire: Bytes): NoticeFile[] {
  const { notice, version, contentHash } = signedCancel.decode(wire).value;
  const named = toBase64Url(contentHash);
  return changed(files, toBase64Url(notice), (held, number) => {
    const meant = number < version || (number === version && held.contentHash === named);
    // For good: what a go had opened is forgotten too.
    return meant && !held.cancelled ? { ...held, cancelled: true, go: undefined, goAt: undefined, read: false } : held;
  });
}

/**
 * Applies what was decided about a notice before one of its versions came. Returns with the files what is to be kept
 * for versions still to come.
 */
export function catchUpOn(
  files: NoticeFile[],
  early: readonly Decision[],
  { notice, roster, now }: { notice: string; roster: Roster; now: number },
): { files: NoticeFile[]; early: Decision[] } {
  let next = files;
  const kept = early.filter((decision) => {
    if (decision.notice !== notice) return true;
    if (decision.kind === "cancel") {
      next = calledOff(next, decision.wire);
      return true;
    }
    try {
      const confirmed = confirm(next, decision.wire, roster, now);
      next = confirmed ?? next;
      return confirmed === null;
    } catch (error) {
      if (!isUntrue(error)) throw error;
      return false;
    }
  });
  return { files: next, early: kept };
}

function changed(
  files: NoticeFile[],
  id: string,
  change: (held: NoticeVersion, number: number) => NoticeVersion,
): NoticeFile[] {
  return files.map((file) => {
    if (file.id !== id) return file;
    const versions = Object.entries(file.versions).map(([number, held]) => [number, change(held, Number(number))]);
    return { ...file, versions: Object.fromEntries(versions) as NoticeFile["versions"] };
  });
}

/** True for errors that mean "does not hold", as opposed to a fault of ours. */
export function isUntrue(error: unknown): boolean {
  return error instanceof Refused || error instanceof Malformed;
}

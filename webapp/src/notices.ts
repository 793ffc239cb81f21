/** Notices as this phone may believe them. What sends people somewhere is unconfirmed until a valid go says otherwise. */
import { equal, type Bytes } from "./protocol/bytes.ts";
import { checkCancel, checkGo, signedCancel, signedGo } from "./protocol/decision.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused, refuseUnless } from "./protocol/errors.ts";
import { hasPlace, noticeRecord, openPlace, sendsPeople, type Notice, type NoticeText } from "./protocol/notice.ts";
import { isCurrent, Role, standing, type Roster } from "./protocol/roster.ts";
import type { NoticeFile, NoticeVersion } from "./state.ts";
import type { Language } from "./strings.ts";

export type Standing =
  | "unconfirmed"
  | "confirmed"
  | "lapsed"
  | "roster"
  | "cancelled"
  | "replaced"
  | "over"
  | "advisory"
  | "threat";

const parsed = new WeakMap<Bytes, Notice>();

export function noticeOf(version: NoticeVersion): Notice {
  let notice = parsed.get(version.notice);
  if (!notice) parsed.set(version.notice, (notice = noticeRecord.decode(version.notice)));
  return notice;
}

export function newest(file: NoticeFile): number {
  return Math.max(...Object.keys(file.versions).map(Number));
}

/** What may be believed of a version at `now`, by the roster followed. */
export function standingOf(file: NoticeFile, number: number, roster: Roster, now: number): Standing {
  const held = file.versions[number];
  if (!held) throw new Error("no such version");
  const notice = noticeOf(held);
  if (held.cancelled) return "cancelled";
  if (number < newest(file)) return "replaced";
  if (now >= notice.expires) return "over";
  if (!sendsPeople(notice)) return notice.kind === 4 ? "threat" : "advisory";
  if (!held.go) return "unconfirmed";
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

/** The place, only while the version stands confirmed. */
export function placeOf(held: NoticeVersion, standing: Standing): Place {
  const notice = noticeOf(held);
  if (!hasPlace(notice)) return { state: "none", text: "" };
  if (standing !== "confirmed" || !held.go) return { state: "closed", text: "" };
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

/** Adds a version. The same version again changes nothing but what a latecomer's copy may bring. */
export function addVersion(files: NoticeFile[], number: number, version: NoticeVersion): NoticeFile[] {
  const id = toBase64Url(noticeOf(version).notice);
  const file = files.find((other) => other.id === id) ?? { id, versions: {} };
  const held = file.versions[number];
  if (held && held.contentHash !== version.contentHash) throw new Refused("two notices of one version");
  const next = { id, versions: { ...file.versions, [number]: held ?? version } };
  return [...files.filter((other) => other.id !== id), next];
}

export interface Decided {
  files: NoticeFile[];
  /** False when the version it names is not here yet: it is to be kept until then. */
  settled: boolean;
}

/**
 * Applies a signed go or cancel to the version it names; a cancel ends the older ones too, even when the version it
 * names never came. Throws Refused when it does not hold. A go for a cancelled version has no effect.
 */
export function decide(
  files: NoticeFile[],
  { kind, wire }: { kind: "go" | "cancel"; wire: Bytes },
  roster: Roster,
  now: number,
): Decided {
  const named = kind === "go" ? signedGo.decode(wire).value : signedCancel.decode(wire).value;
  const id = toBase64Url(named.notice);
  const file = files.find((other) => other.id === id);
  if (!file) return { files, settled: false };
  const held = file.versions[named.version];
  const versions = { ...file.versions };
  if (kind === "go") {
    if (held) versions[named.version] = confirmed(held, wire, roster, now);
  } else {
    checkSigned(wire, held, roster);
    for (const [number, version] of Object.entries(file.versions))
      if (Number(number) <= named.version) versions[number] = cancelled(version);
  }
  return { files: files.map((other) => (other.id === id ? { ...file, versions } : other)), settled: held !== undefined };
}

function confirmed(held: NoticeVersion, wire: Bytes, roster: Roster, now: number): NoticeVersion {
  const go = checkGo(signedGo.decode(wire), noticeOf(held), roster, now);
  if (held.cancelled || (held.goAt !== undefined && held.goAt >= go.issued)) return held;
  return { ...held, go: wire, goAt: go.issued, read: false };
}

/** Refused unless a coordinator signed this cancel, for that very text if the version is here. */
function checkSigned(wire: Bytes, held: NoticeVersion | undefined, roster: Roster): void {
  const signed = signedCancel.decode(wire);
  if (held) {
    checkCancel(signed, noticeOf(held), roster);
    return;
  }
  const { office, device, issued } = signed.value;
  refuseUnless(equal(office, roster.office), "the cancel is of another office");
  signedCancel.verify(signed, standing(roster, device, issued, Role.coordinator).device.signPk);
}

/** For good: what a go had opened is forgotten too. */
function cancelled(held: NoticeVersion): NoticeVersion {
  return held.cancelled ? held : { ...held, cancelled: true, go: undefined, goAt: undefined, read: false };
}

/** True for errors that mean "does not hold", as opposed to a fault of ours. */
export function isUntrue(error: unknown): boolean {
  return error instanceof Refused || error instanceof Malformed;
}

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type Bytes, compare, concat, equal, fromUint, fromUtf8, isZero, uint, utf8 } from "./bytes.ts";
import { digest, kdf } from "./encoding.ts";
import { Refused, malformedUnless, refuseUnless } from "./errors.ts";
import { unseal } from "./hpke.ts";
import { ascending, fixed, hash, id, lengthPrefixed, list, oneOf, rec, struct, text, time, u32, u8 } from "./record.ts";

export const NoticeKind = { come: 1, change: 2, advisory: 3, threat: 4 } as const;
export type NoticeKind = (typeof NoticeKind)[keyof typeof NoticeKind];

export const Route = { none: 0, air: 1, landPk: 2, landUz: 3, landTj: 4 } as const;
export type Route = (typeof Route)[keyof typeof Route];

const PLACE_SIZE = 256;
const NONCE = new Uint8Array(12);
const NONE = new Uint8Array();

export interface NoticeText {
  readonly language: string;
  readonly who: string;
  readonly bring: string;
  readonly leave: string;
  readonly documents: string;
  readonly message: string;
}

export interface Notice {
  readonly salt: Bytes;
  readonly office: Bytes;
  readonly notice: Bytes;
  readonly version: number;
  readonly replaces: number;
  readonly kind: NoticeKind;
  readonly movement: string;
  readonly route: Route;
  readonly departsAt: number;
  readonly reportFrom: number;
  readonly reportUntil: number;
  readonly answerBy: number;
  readonly expires: number;
  readonly audience: Bytes;
  readonly placeCommit: Bytes;
  readonly placeSealed: Bytes;
  readonly texts: readonly NoticeText[];
}

const noticeText = struct<NoticeText>({
  language: text(),
  who: text(),
  bring: text(),
  leave: text(),
  documents: text(),
  message: text(),
});

export const noticeRecord = struct<Notice>(
  {
    salt: hash,
    office: hash,
    notice: id,
    version: u32,
    replaces: u32,
    kind: oneOf(NoticeKind),
    movement: text(),
    route: oneOf(Route),
    departsAt: time,
    reportFrom: time,
    reportUntil: time,
    answerBy: time,
    expires: time,
    audience: hash,
    placeCommit: hash,
    placeSealed: fixed(PLACE_SIZE + 16),
    texts: list(noticeText, { min: 1 }),
  },
  (notice) => {
    const { version, replaces, departsAt, reportFrom, reportUntil, answerBy, expires } = notice;
    malformedUnless(version >= 1 && replaces === version - 1, "the version does not follow the one it replaces");
    const ordered =
      answerBy <= reportFrom && reportFrom < reportUntil && reportUntil <= departsAt && expires <= departsAt;
    malformedUnless(!sendsPeople(notice) || ordered, "the notice's times contradict each other");
    malformedUnless(isZero(notice.placeCommit) === isZero(notice.placeSealed), "the place is half there");
    ascending(
      notice.texts.map((item) => utf8(item.language)),
      "languages",
    );
  },
);

/** What a recipient alone is told of the notice, inside its wrap. */
export interface OwnPart {
  readonly alias: string;
  readonly offer: Bytes;
  readonly party: number;
  readonly answerBy: number;
}

export const ownPart = struct<OwnPart>({ alias: text(24), offer: id, party: u8, answerBy: time });

/** Whether it sends people somewhere, and so needs two officers and a go. */
export function sendsPeople(notice: Notice): boolean {
  return notice.kind === NoticeKind.come || notice.kind === NoticeKind.change;
}

/** The content hash that approvals, go, cancel and answer name. */
export function noticeHash(notice: Notice): Bytes {
  return digest("notice", noticeRecord.encode(notice));
}

/** Ten digits by which people ask whether this version still counts. */
export function verificationCode(notice: Notice): string {
  const number = fromUint(digest("code", noticeHash(notice)).slice(0, 6));
  return String(number % 1e10).padStart(10, "0");
}

/** The audience commitment, for contacts in any order; each counts once. */
export function audience(salt: Bytes, contacts: readonly Bytes[]): Bytes {
  const sorted = [...contacts].sort(compare);
  return digest("audience", rec(salt, rec(...sorted.filter((contact, at) => !equal(contact, sorted[at - 1] ?? NONE)))));
}

export function hasPlace(notice: Notice): boolean {
  return !isZero(notice.placeCommit);
}

/** Whether this is the key the notice committed to: zeros when it has no place. */
export function isPlaceKey(notice: Notice, placeKey: Bytes): boolean {
  if (!hasPlace(notice)) return isZero(placeKey);
  return equal(kdf(placeKey, NONE, "place commit"), notice.placeCommit);
}

function placeAad({ office, notice, version }: Pick<Notice, "office" | "notice" | "version">): Bytes {
  return rec(office, notice, uint(version, 4));
}

/** The two place fields of a notice; at most 252 bytes of text. */
export function sealPlace(
  placeKey: Bytes,
  notice: Pick<Notice, "office" | "notice" | "version">,
  place: string,
): Pick<Notice, "placeCommit" | "placeSealed"> {
  const plain = lengthPrefixed(utf8(place));
  malformedUnless(plain.length <= PLACE_SIZE, "the place is too long");
  const padded = concat(plain, new Uint8Array(PLACE_SIZE - plain.length));
  const placeSealed = chacha20poly1305(kdf(placeKey, NONE, "place"), NONCE, placeAad(notice)).encrypt(padded) as Bytes;
  return { placeCommit: kdf(placeKey, NONE, "place commit"), placeSealed };
}

/** The place, by the key that a go brings. Refused when the key is not the committed one or the place does not open. */
export function openPlace(notice: Notice, placeKey: Bytes): string {
  refuseUnless(hasPlace(notice) && isPlaceKey(notice, placeKey), "the key does not open this notice's place");
  const padded = unseal(kdf(placeKey, NONE, "place"), NONCE, placeAad(notice), notice.placeSealed);
  try {
    return fromUtf8(unpad(padded));
  } catch {
    throw new Refused("the place is not text");
  }
}

/** The bytes before the padding of `lp(x)` and zeros. Refused when it is anything else. */
export function unpad(padded: Bytes): Bytes {
  const end = 4 + fromUint(padded.subarray(0, 4));
  refuseUnless(end <= padded.length && isZero(padded.subarray(end)), "the padding is not zeros");
  return padded.slice(4, end);
}

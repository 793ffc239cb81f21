import { type Bytes, equal } from "./bytes.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { type Notice, isPlaceKey, noticeHash, sendsPeople } from "./notice.ts";
import { ascending, hash, id, struct, time, u32, u8 } from "./record.ts";
import { type Entry, Role, type Roster, isCurrent, standing } from "./roster.ts";
import { type Signed, type SignedCodec, signedAs } from "./signature.ts";

// What coordinators sign about a notice: approval, go and cancel.

export const MAX_APPROVALS = 8;

interface Decision {
  readonly office: Bytes;
  readonly notice: Bytes;
  readonly version: number;
  readonly contentHash: Bytes;
  readonly device: Bytes;
}

export interface Approval extends Decision {
  readonly approvedAt: number;
}

export interface Go extends Decision {
  readonly placeKey: Bytes;
  readonly validUntil: number;
  readonly issued: number;
}

export interface Cancel extends Decision {
  readonly reason: number;
  readonly issued: number;
}

const about = { office: hash, notice: id, version: u32, contentHash: hash };

export const signedApproval = signedAs("approve", struct<Approval>({ ...about, device: id, approvedAt: time }));
export const signedGo = signedAs(
  "go",
  struct<Go>({ ...about, placeKey: hash, validUntil: time, device: id, issued: time }),
);
export const signedCancel = signedAs("cancel", struct<Cancel>({ ...about, reason: u8, device: id, issued: time }));

/** The entry of the coordinator who signed this about this very notice. */
function decided<T extends Decision>(
  codec: SignedCodec<T>,
  signed: Signed<T>,
  { notice, roster, at }: { notice: Notice; roster: Roster; at: number },
): Entry {
  const { value } = signed;
  const same =
    equal(value.office, notice.office) && equal(value.notice, notice.notice) && value.version === notice.version;
  refuseUnless(same && equal(value.contentHash, noticeHash(notice)), "this was signed about another notice");
  refuseUnless(equal(notice.office, roster.office), "the notice is of another office");
  const entry = standing(roster, value.device, at, Role.coordinator);
  codec.verify(signed, entry.device.signPk);
  return entry;
}

/** Malformed unless they ascend by device and are at most eight. */
export function orderedApprovals(approvals: readonly Signed<Approval>[]): void {
  malformedUnless(approvals.length <= MAX_APPROVALS, "there are too many approvals");
  ascending(
    approvals.map((approval) => approval.value.device),
    "approvals",
  );
}

/** Refused unless as many different coordinators approved this very notice as its kind needs, and nobody else. */
export function checkApprovals(notice: Notice, approvals: readonly Signed<Approval>[], roster: Roster): void {
  orderedApprovals(approvals);
  const entries = approvals.map((approval) =>
    decided(signedApproval, approval, { notice, roster, at: approval.value.approvedAt }),
  );
  const [first] = entries;
  refuseUnless(first !== undefined, "no officer approved the notice");
  const second = entries.some((entry) => !equal(entry.officer, first.officer));
  refuseUnless(second || !sendsPeople(notice), "two different officers have to approve this notice");
}

/** The go, if it confirms this very notice at `now`; it brings the place key. Refused otherwise. */
export function checkGo(go: Signed<Go>, notice: Notice, roster: Roster, now: number): Go {
  decided(signedGo, go, { notice, roster, at: go.value.issued });
  refuseUnless(isPlaceKey(notice, go.value.placeKey), "the go does not open this notice's place");
  refuseUnless(isCurrent(roster, now), "the roster has expired: notices stay unconfirmed");
  refuseUnless(now < go.value.validUntil, "the go has lapsed");
  return go.value;
}

/** The cancel, if a standing coordinator of this office signed it, whatever version it names. Refused otherwise. */
export function checkCaller(cancel: Signed<Cancel>, roster: Roster): Cancel {
  const { value } = cancel;
  refuseUnless(equal(value.office, roster.office), "the cancel is of another office");
  signedCancel.verify(cancel, standing(roster, value.device, value.issued, Role.coordinator).device.signPk);
  return value;
}

/** The cancel, if it is about this very notice. Refused otherwise. */
export function checkCancel(cancel: Signed<Cancel>, notice: Notice, roster: Roster): Cancel {
  decided(signedCancel, cancel, { notice, roster, at: cancel.value.issued });
  return cancel.value;
}

import { describe, expect, test } from "vitest";
import { addVersion, asksAnew, callOff, catchUpOn, confirm, placeOf, standingOf } from "../../src/notices.ts";
import { toBase64Url } from "../../src/protocol/encoding.ts";
import { signedCancel, signedGo, type Cancel } from "../../src/protocol/decision.ts";
import type { DeviceKeys } from "../../src/protocol/keys.ts";
import { NoticeKind, noticeHash, noticeRecord, sealPlace, type Notice } from "../../src/protocol/notice.ts";
import type { Roster } from "../../src/protocol/roster.ts";
import type { Warnings } from "../../src/protocol/warning.ts";
import type { Decision, NoticeFile, NoticeVersion } from "../../src/state.ts";
import { caseworker, colleague, DAY, notice, NOW, placeKey, roster } from "../protocol/office.ts";

const id = toBase64Url(notice.notice);
const change: Notice = {
  ...notice,
  version: 2,
  replaces: 1,
  kind: NoticeKind.change,
  ...sealPlace(placeKey, { ...notice, version: 2 }, "Gate 4"),
};
/** The roster after the officer who cancels has left. */
const without: Roster = { ...roster, entries: roster.entries.filter((entry) => entry.roleCode !== "C-02") };

function add(files: NoticeFile[], which: Notice): NoticeFile[] {
  const version: NoticeVersion = {
    notice: noticeRecord.encode(which),
    envelope: "",
    messageHash: "",
    contentHash: toBase64Url(noticeHash(which)),
    codes: [],
    own: null,
    at: NOW,
    approvedAt: NOW,
    read: true,
    cancelled: false,
  };
  return addVersion(files, which.version, version);
}

function cancel(which: Notice, keys: DeviceKeys = colleague, changes: Partial<Cancel> = {}): Decision {
  const { office, version } = which;
  const about = { office, notice: which.notice, version, contentHash: noticeHash(which) };
  const wire = signedCancel.sign({ ...about, reason: 1, device: keys.record.device, issued: NOW, ...changes }, keys.signSeed);
  return { notice: id, kind: "cancel", wire, since: NOW };
}

function go(which: Notice, issued = NOW): Decision {
  const { office, version } = which;
  const about = { office, notice: which.notice, version, contentHash: noticeHash(which), placeKey };
  const terms = { validUntil: NOW + DAY, device: colleague.record.device, issued };
  return { notice: id, kind: "go", wire: signedGo.sign({ ...about, ...terms }, colleague.signSeed), since: NOW };
}

function approved(file: NoticeFile, number: number, approvedAt: number | undefined): NoticeFile {
  const held = file.versions[number];
  if (!held) throw new Error("no such version");
  return { ...file, versions: { ...file.versions, [number]: { ...held, approvedAt } } };
}

const standings = (files: NoticeFile[], voidUntil = -1, warnings: Warnings = {}): string[] =>
  files.flatMap((file) =>
    Object.keys(file.versions).map((number) => standingOf(file, Number(number), { roster, now: NOW, voidUntil, warnings })),
  );

describe("notices", () => {
  test("a cancel ends the version it names and every older one, a newer one lives on", () => {
    const both = add(add([], notice), change);
    expect(standings(callOff(both, cancel(change).wire, roster))).toEqual(["cancelled", "cancelled"]);
    expect(standings(callOff(both, cancel(notice).wire, roster))).toEqual(["cancelled", "unconfirmed"]);
    const gone = confirm(add([], notice), go(notice).wire, roster, NOW) ?? [];
    expect(standings(gone)).toEqual(["confirmed"]);
    expect(standings(callOff(gone, cancel(change).wire, roster))).toEqual(["cancelled"]);
  });

  test("a cancel that held when it came ends what comes later, in any order, after its signer left too", () => {
    const early = [cancel(change), go(notice), go(change)];
    for (const order of [
      [notice, change],
      [change, notice],
    ]) {
      let [files, left] = [callOff([], cancel(change).wire, roster), early];
      for (const which of order) {
        ({ files, early: left } = catchUpOn(add(files, which), left, { notice: id, roster: without, now: NOW }));
      }
      expect(standings(files)).toEqual(["cancelled", "cancelled"]);
      expect(left.map(({ kind }) => kind)).toEqual(["cancel"]);
    }
  });

  test("a go waits for its version, and confirms nothing that was called off", () => {
    const caught = catchUpOn(add([], notice), [go(change)], { notice: id, roster, now: NOW });
    expect(caught.early).toHaveLength(1);
    const next = catchUpOn(add(caught.files, change), caught.early, { notice: id, roster, now: NOW });
    expect([standings(next.files), next.early]).toEqual([["replaced", "confirmed"], []]);
    const over = callOff(next.files, cancel(change).wire, roster);
    expect(standings(confirm(over, go(change).wire, roster, NOW) ?? [])).toEqual(["cancelled", "cancelled"]);
  });

  test("what is no coordinator's, another office's or about another text calls nothing off", () => {
    const files = add([], notice);
    const other = new Uint8Array(32);
    for (const forged of [
      cancel(change, caseworker),
      cancel(change, { ...colleague, signSeed: caseworker.signSeed }),
      cancel(change, colleague, { office: other }),
      cancel(notice, colleague, { contentHash: other }),
    ]) {
      expect(() => callOff(files, forged.wire, roster)).toThrow(expect.objectContaining({ name: "Refused" }) as Error);
      expect(() => callOff(files, forged.wire, without)).toThrow();
    }
    // Of a version that was not here: once it is, only the very text that was called off is.
    const about = catchUpOn(files, [cancel(notice, colleague, { contentHash: other })], { notice: id, roster, now: NOW });
    expect(standings(about.files)).toEqual(["unconfirmed"]);
  });

  test("what was sent before a withdrawal sends nobody anywhere, whatever comes for it later", () => {
    const gone = confirm(add([], notice), go(notice).wire, roster, NOW) ?? [];
    expect(standings(gone, NOW - 1)).toEqual(["confirmed"]);
    for (const voidUntil of [NOW, Infinity]) {
      expect(standings(gone, voidUntil)).toEqual(["void"]);
      expect(standings(add([], notice), voidUntil)).toEqual(["void"]);
      // A cancel says more, and a newer version takes its place.
      expect(standings(callOff(gone, cancel(notice).wire, roster), voidUntil)).toEqual(["cancelled"]);
      expect(standings(add(gone, change), voidUntil)).toEqual(["replaced", "void"]);
    }
  });

  test("what only informs or warns stays", () => {
    for (const kind of [NoticeKind.advisory, NoticeKind.threat]) {
      expect(standings(add([], { ...notice, kind }), Infinity)).toEqual([kind === NoticeKind.threat ? "threat" : "advisory"]);
    }
  });

  test("a void version that the office sent anew counts from then, without what belonged to the old one", () => {
    const [held] = confirm(add([], notice), go(notice).wire, roster, NOW) ?? [];
    const version = held?.versions[notice.version];
    if (!held || !version) throw new Error("nothing is held");
    const again = { ...version, at: NOW + 60, go: undefined, goAt: undefined };
    expect(standings(addVersion([held], notice.version, again, NOW), NOW)).toEqual(["unconfirmed"]);
    // Not when it was not void, and not by a copy that was sent before the withdrawal too.
    expect(addVersion([held], notice.version, again)[0]?.versions[notice.version]).toBe(version);
    const late = { ...again, at: NOW - 60 };
    expect(standings(addVersion([held], notice.version, late, NOW), NOW)).toEqual(["void"]);
    const cancelled = callOff([held], cancel(notice).wire, roster);
    const caught = catchUpOn(addVersion(cancelled, notice.version, again, NOW), [cancel(notice)], { notice: id, roster, now: NOW });
    expect(standings(caught.files, NOW)).toEqual(["cancelled"]);
  });

  test("a threat alert voids what was approved before it, whenever that comes, and no go revives it", () => {
    const gone = confirm(add([], notice), go(notice).wire, roster, NOW) ?? [];
    const at = (time: number, route: number = notice.route): string[] => standings(gone, -1, { [route]: time });
    expect([at(NOW), at(NOW + 1), at(NOW, 0)]).toEqual([["warned"], ["warned"], ["warned"]]);
    expect([at(NOW - 1), at(NOW, notice.route + 1)]).toEqual([["confirmed"], ["confirmed"]]);
    const warnings = { [notice.route]: NOW + 5 };
    const again = confirm(gone, go(notice, NOW + 9).wire, roster, NOW) ?? [];
    expect(standings(again, -1, warnings)).toEqual(["warned"]);
    // One that was approved since counts, but not by a go from before.
    const newer = add(gone, change).map((file) => approved(file, change.version, NOW + 6));
    expect(standings(newer, -1, warnings)).toEqual(["replaced", "unconfirmed"]);
    const old = confirm(newer, go(change).wire, roster, NOW) ?? [];
    expect(standings(old, -1, warnings)).toEqual(["replaced", "unconfirmed"]);
    expect(standings(confirm(old, go(change, NOW + 7).wire, roster, NOW) ?? [], -1, warnings)).toEqual(["replaced", "confirmed"]);
    // What was filed before approvals were kept was approved before any alert.
    expect(standings(gone.map((file) => approved(file, notice.version, undefined)), -1, warnings)).toEqual(["warned"]);
    // A cancel says more.
    expect(standings(callOff(gone, cancel(notice).wire, roster), -1, warnings)).toEqual(["cancelled"]);
  });

  test("a change that came late shows its place after a fresh yes alone", () => {
    const [held] = confirm(add([], change), go(change).wire, roster, NOW) ?? [];
    const version = held?.versions[change.version];
    if (!version) throw new Error("nothing is held");
    const own = { alias: "K-1", offer: new Uint8Array(16), party: 1, answerBy: change.answerBy };
    const late = { ...version, own, came: change.reportFrom - 6 * 3600 };
    const said = (answer: number, state: "waiting" | "failed" = "waiting") => ({ ...late, answer: { answer, state } });
    for (const asked of [late, said(2), said(3), said(1, "failed")]) {
      expect([asksAnew(asked), placeOf(asked, "confirmed").state]).toEqual([true, "closed"]);
    }
    const early = { ...late, came: late.came - 1 };
    for (const open of [early, said(1), { ...late, own: null }]) {
      expect([asksAnew(open), placeOf(open, "confirmed").text]).toEqual([false, "Gate 4"]);
    }
  });
});

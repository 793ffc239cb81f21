/** From the PIN to the office's card: hands the enrolment over, asks how far the office is, takes the card. */
import { signal } from "@preact/signals";
import type { Bytes } from "./protocol/bytes.ts";
import { acceptCard, contactCard, type Card } from "./protocol/card.ts";
import { deviceRecord } from "./protocol/device.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused } from "./protocol/errors.ts";
import { prekeyPair } from "./protocol/keys.ts";
import { admitToken, enrolMac, invitationId } from "./protocol/letter.ts";
import { initData } from "./bridge.ts";
import { Answered, Stopped } from "./faults.ts";
import { agrees, readHead, type Head } from "./head.ts";
import { catchUp, followed } from "./office.ts";
import { call } from "./relay.ts";
import { keysOf, prekeyWire, signerOf } from "./self.ts";
import { commit, get } from "./state.ts";
import { language } from "./strings.ts";

/** True when the app has to be opened anew from the chat. */
export const reopen = signal(false);

/** Hands the enrolment over; the same one again does no harm. Throws Offline or a passing Answered. */
export async function enrol(): Promise<void> {
  const self = get("self");
  const { secret } = self;
  if (!secret) throw new Error("the letter is gone");
  const keys = keysOf(self);
  const rosterVersion = get("office").pin.version;
  const pair = self.prekeys.map((bytes) => prekeyPair.decode(bytes)).at(-1);
  const form = {
    invitation: toBase64Url(invitationId(secret)),
    admit: toBase64Url(admitToken(secret)),
    device: toBase64Url(deviceRecord.encode(keys.record)),
    roster_version: rosterVersion,
    prekeys: pair ? [toBase64Url(prekeyWire(pair, keys))] : [],
    mac: toBase64Url(enrolMac(secret, { rosterVersion, contact: keys.record.owner, device: keys.record })),
    init_data: initData,
    language: language.value ?? "en",
  };
  try {
    const answer = await call("POST", "enrolments", signerOf(self), JSON.stringify(form));
    const frozen = (answer as { state?: unknown } | null)?.state === "frozen";
    await commit({ self: { ...get("self"), state: frozen ? "frozen" : "pending" } });
  } catch (error) {
    if (!(error instanceof Answered) || error.passing) throw error;
    // Too long since Telegram opened the page: only opening it anew helps.
    reopen.value = error.code === "init_data_not_valid";
    if (error.status === 401) throw error;
    await commit({ self: { ...get("self"), state: "refused" } });
  }
}

/** Asks how far the office is, and takes its card. Throws Stopped for a card that does not fit. */
export async function askForCard(): Promise<void> {
  const self = get("self");
  const answer = (await call("GET", "me", signerOf(self))) as { state?: unknown; card?: unknown } | null;
  if (answer?.state === "frozen" || answer?.state === "refused") {
    await commit({ self: { ...get("self"), state: answer.state } });
  } else if (answer?.state === "pending") {
    await commit({ self: { ...get("self"), state: "pending" } });
  } else if (typeof answer?.card === "string") {
    await takeCard(answer.card, readHead(answer));
  }
}

/**
 * Takes the card once all of it holds, and what `judge` asks besides; `head` came with it. Throws Stopped, Offline or
 * Answered.
 */
export async function takeCard(text: string, head: Head, judge?: (card: Card) => void): Promise<void> {
  if (!agrees(get("office"), head)) await commit({ office: await catchUp(get("office")) });
  const [self, office] = [get("self"), get("office")];
  const current = followed(office);
  if (!current) return;
  let wire: Bytes;
  try {
    wire = fromBase64Url(text);
    const card = contactCard.decode(wire);
    judge?.(card);
    const held = self.card && contactCard.decode(self.card);
    const terms = { roster: current.roster, own: keysOf(self).record, former: office.former };
    acceptCard(card, held ? { ...terms, held } : terms);
  } catch (error) {
    if (error instanceof Refused || error instanceof Malformed) throw new Stopped("card");
    throw error;
  }
  // The letter has done its work: its secret goes, here as at the desk. Who had none is asked for the rest now.
  const asking = self.unverified && true;
  await commit({ self: { ...self, state: "enrolled", card: wire, secret: undefined, unverified: undefined, asking } });
}

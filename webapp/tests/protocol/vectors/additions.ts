import { signedAddition } from "../../../src/protocol/addition.ts";
import { concat, uint } from "../../../src/protocol/bytes.ts";
import { contactCard, Evidence, issueCard } from "../../../src/protocol/card.ts";
import { deviceRecord } from "../../../src/protocol/device.ts";
import { signedWipe } from "../../../src/protocol/statement.ts";
import * as o from "../office.ts";
import { type Bad, Topic, edited, flip } from "./topic.ts";

const { record, signSeed } = o.phone;
const page = o.otherPhone.record;
const addition = { office: o.office, contact: record.owner, device: record.device, record: page, at: o.NOW + 1 };

export function additions(): Topic {
  const topic = new Topic("additions");
  const held = issueCard(
    {
      office: o.office,
      contact: record.owner,
      serial: 1,
      prev: new Uint8Array(32),
      certifier: o.coordinator.record.device,
      counter: 1,
      devices: [record],
      evidence: Evidence.letter,
      issued: o.NOW,
    },
    o.coordinator.signSeed,
  );
  const sign = (changes: Partial<typeof addition>, seed = signSeed) => ({
    wire: signedAddition.sign({ ...addition, ...changes }, seed),
  });
  const { wire } = sign({});
  const bad: Bad[] = [
    ["signature flipped", "refused", { wire: flip(wire, -1) }],
    ["cut", "malformed", { wire: wire.slice(0, -1) }],
    ["a byte more", "malformed", { wire: concat(wire, uint(0, 1)) }],
    ["a wipe instead", "malformed", { wire: signedWipe.sign(addition, signSeed) }],
    ["signed by the new device", "refused", sign({}, o.otherPhone.signSeed)],
    ["by a device the card does not name", "refused", sign({ device: o.named("x", 16) })],
    ["as old as the card", "refused", sign({ at: o.NOW })],
    ["of the future", "refused", sign({ at: o.NOW + 3601 })],
    ["with a key of the old device", "refused", sign({ record: { ...page, signPk: record.signPk } })],
    ["of another's device", "malformed", { wire: edited(wire, [0, 3], deviceRecord.encode({ ...page, owner: o.named("x", 16) })) }],
    ["of itself", "malformed", { wire: edited(wire, [0, 3], deviceRecord.encode(record)) }],
  ];
  topic.family("addition", "addition", { wire, card: contactCard.encode(held), now: o.NOW }, bad);
  return topic;
}

import type { Bytes } from "./bytes.ts";
import { hash, id, oneOf, struct } from "./record.ts";

export const OwnerKind = { contact: 1, officer: 2 } as const;
export type OwnerKind = (typeof OwnerKind)[keyof typeof OwnerKind];

export interface DeviceRecord {
  readonly office: Bytes;
  readonly ownerKind: OwnerKind;
  readonly owner: Bytes;
  readonly device: Bytes;
  readonly signPk: Bytes;
  readonly dhPk: Bytes;
}

export const deviceRecord = struct<DeviceRecord>({
  office: hash,
  ownerKind: oneOf(OwnerKind),
  owner: id,
  device: id,
  signPk: hash,
  dhPk: hash,
});

/** Hand-made messages for byte vectors, written without the encoder that they shall check. */

const uint16 = (value: number) => [(value >> 8) & 255, value & 255];
const uint32 = (value: number) => [...uint16(Math.floor(value / 65536)), ...uint16(value & 0xffff)];

/** The octets of a hexadecimal text; blanks are ignored. */
export function hex(text: string): number[] {
  return (text.replace(/\s/g, '').match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
}

export const setOctets = (id: number, octets: readonly number[]) => [
  ...uint16(id),
  ...uint16(4 + octets.length),
  ...octets,
];

export interface HeaderFields {
  readonly exportTime?: number;
  readonly sequenceNumber?: number;
  readonly observationDomainId?: number;
}

export function messageOctets(header: HeaderFields, ...sets: readonly (readonly number[])[]): Uint8Array {
  const { exportTime = 1700000000, sequenceNumber = 0, observationDomainId = 1 } = header;
  const body = sets.flat();
  return Uint8Array.from([
    ...uint16(10),
    ...uint16(16 + body.length),
    ...uint32(exportTime),
    ...uint32(sequenceNumber),
    ...uint32(observationDomainId),
    ...body,
  ]);
}

/** A template record: fields as `[id, length]` or `[id, length, pen]`. */
export function templateOctets(
  id: number,
  fields: readonly (readonly [id: number, length: number, pen?: number])[],
  scopeFieldCount?: number,
): number[] {
  const specifiers = fields.flatMap(([element, length, pen]) =>
    pen === undefined
      ? [...uint16(element), ...uint16(length)]
      : [...uint16(element | 0x8000), ...uint16(length), ...uint32(pen)],
  );
  const scope = scopeFieldCount === undefined ? [] : uint16(scopeFieldCount);
  return [...uint16(id), ...uint16(fields.length), ...scope, ...specifiers];
}

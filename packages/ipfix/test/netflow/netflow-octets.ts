/** Hand-made NetFlow messages for byte vectors. */

export const uint16 = (value: number) => [(value >> 8) & 255, value & 255];
export const uint32 = (value: number) => [...uint16(Math.floor(value / 65536)), ...uint16(value & 0xffff)];

export interface V9Header {
  readonly sysUpTimeMs?: number;
  readonly exportTime?: number;
  readonly sequenceNumber?: number;
  readonly sourceId?: number;
}

/** A NetFlow v9 message of whole flowsets (RFC 3954 section 5.1); its count is that of the flowsets. */
export function v9Octets(header: V9Header, ...flowsets: readonly (readonly number[])[]): Uint8Array {
  const { sysUpTimeMs = 1_000_000, exportTime = 1_700_000_000, sequenceNumber = 0, sourceId = 1 } = header;
  return Uint8Array.from([
    ...uint16(9),
    ...uint16(flowsets.length),
    ...uint32(sysUpTimeMs),
    ...uint32(exportTime),
    ...uint32(sequenceNumber),
    ...uint32(sourceId),
    ...flowsets.flat(),
  ]);
}

/** A template record of v9: fields as `[type, length]`. */
export const v9Template = (id: number, fields: readonly (readonly [type: number, length: number])[]) => [
  ...uint16(id),
  ...uint16(fields.length),
  ...fields.flatMap(([type, length]) => [...uint16(type), ...uint16(length)]),
];

type Fields = readonly (readonly [type: number, length: number])[];

/** An options template record of v9 (RFC 3954 section 6.1). */
export const v9OptionsTemplate = (id: number, scope: Fields, options: Fields) => [
  ...uint16(id),
  ...uint16(4 * scope.length),
  ...uint16(4 * options.length),
  ...[...scope, ...options].flatMap(([type, length]) => [...uint16(type), ...uint16(length)]),
];

/** The first 36 octets of a record of v1, v5 and v7: a flow that ended a second before the export. */
export const fixedBeginning = (sysUpTimeMs: number) => [
  ...[192, 0, 2, 1, 198, 51, 100, 2, 203, 0, 113, 3],
  ...uint16(4),
  ...uint16(5),
  ...uint32(6),
  ...uint32(700),
  ...uint32((sysUpTimeMs - 3000) >>> 0),
  ...uint32((sysUpTimeMs - 1000) >>> 0),
  ...uint16(8080),
  ...uint16(90),
];

export interface FixedHeader {
  readonly count: number;
  readonly sysUpTimeMs?: number;
  readonly flowSequence?: number;
  /** Engine type, engine id and sampling of v5; reserved in v7. */
  readonly last?: readonly number[];
}

/** A message of v1, v5 or v7, exported at 1,700,000,000.25 s. */
export function fixedOctets(
  version: 1 | 5 | 7,
  header: FixedHeader,
  ...records: readonly number[][]
): Uint8Array {
  const { count, sysUpTimeMs = 1_000_000, flowSequence = 0, last = [0, 0, 0, 0] } = header;
  return Uint8Array.from([
    ...uint16(version),
    ...uint16(count),
    ...uint32(sysUpTimeMs),
    ...uint32(1_700_000_000),
    ...uint32(250_000_000),
    ...(version === 1 ? [] : [...uint32(flowSequence), ...last]),
    ...records.flat(),
  ]);
}

/** Packets and capture files made by hand. */

const uint16 = (value: number) => [(value >> 8) & 255, value & 255];
const uint32 = (value: number) => [...uint16(Math.floor(value / 65536)), ...uint16(value & 0xffff)];

export const udpOctets = (payload: ArrayLike<number>, { from = 50000, to = 4739 } = {}) => [
  ...uint16(from),
  ...uint16(to),
  ...uint16(8 + payload.length),
  ...uint16(0),
  ...Array.from(payload),
];

/** A TCP segment without options; `flags` as in the header. */
export const tcpOctets = (
  payload: ArrayLike<number>,
  { from = 50000, to = 4739, flags = 0x18, sequence = 1 } = {},
) => [
  ...uint16(from),
  ...uint16(to),
  ...uint32(sequence),
  ...uint32(1),
  ...[0x50, flags],
  ...uint16(8192),
  ...uint32(0),
  ...Array.from(payload),
];

interface Ipv4Fields {
  readonly protocol?: number;
  /** Flags and fragment offset. */
  readonly fragment?: number;
  readonly options?: readonly number[];
  /** Last octets of the addresses in 192.0.2.0/24. */
  readonly from?: number;
  readonly to?: number;
}

/** From 192.0.2.1 to 192.0.2.2, unless told otherwise. */
export function ipv4Octets(content: readonly number[], fields: Ipv4Fields = {}): number[] {
  const { protocol = 17, fragment = 0, options = [], from = 1, to = 2 } = fields;
  const headerLength = 20 + options.length;
  return [
    0x40 | (headerLength / 4),
    0,
    ...uint16(headerLength + content.length),
    ...uint16(1),
    ...uint16(fragment),
    64,
    protocol,
    ...uint16(0),
    ...[192, 0, 2, from],
    ...[192, 0, 2, to],
    ...options,
    ...content,
  ];
}

const documentation = (host: number) => [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host];

/** From 2001:db8::1 to 2001:db8::2, unless told otherwise. */
export const ipv6Octets = (content: readonly number[], nextHeader = 17, { from = 1, to = 2 } = {}) => [
  ...uint32(0x60000000),
  ...uint16(content.length),
  nextHeader,
  64,
  ...documentation(from),
  ...documentation(to),
  ...content,
];

export const ethernetOctets = (
  etherType: number,
  content: readonly number[],
  tags: readonly number[] = [],
) => [
  ...[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2],
  ...tags.flatMap((tag) => [...uint16(tag), ...uint16(7)]),
  ...uint16(etherType),
  ...content,
];

export interface TestPacket {
  readonly octets: readonly number[];
  /** Seconds and the fraction in units of the file. */
  readonly seconds?: number;
  readonly fraction?: number;
  readonly wireLength?: number;
}

/** Writes integers in the order of octets of a file. */
const writers = (littleEndian: boolean) => ({
  u16: (value: number) => (littleEndian ? uint16(value).reverse() : uint16(value)),
  u32: (value: number) => (littleEndian ? uint32(value).reverse() : uint32(value)),
});

export function pcapOctets(
  linkType: number,
  packets: readonly TestPacket[],
  { littleEndian = true, magic = 0xa1b2c3d4 } = {},
): Uint8Array {
  const { u16, u32 } = writers(littleEndian);
  return Uint8Array.from([
    ...u32(magic),
    ...u16(2),
    ...u16(4),
    ...u32(0),
    ...u32(0),
    ...u32(262144),
    ...u32(linkType),
    ...packets.flatMap(({ octets, seconds = 1700000000, fraction = 0, wireLength }) => [
      ...u32(seconds),
      ...u32(fraction),
      ...u32(octets.length),
      ...u32(wireLength ?? octets.length),
      ...octets,
    ]),
  ]);
}

/** Blocks of a pcapng file in one order of octets. */
export function pcapngBlocks(littleEndian = true) {
  const { u16, u32 } = writers(littleEndian);
  const padded = (octets: readonly number[]) => [
    ...octets,
    ...Array.from({ length: (4 - (octets.length & 3)) & 3 }, () => 0),
  ];
  const block = (type: number, body: readonly number[]) => {
    const length = 12 + padded(body).length;
    return [...u32(type), ...u32(length), ...padded(body), ...u32(length)];
  };
  return {
    block,
    section: () =>
      block(0x0a0d0d0a, [...u32(0x1a2b3c4d), ...u16(1), ...u16(0), ...u32(0xffffffff), ...u32(0xffffffff)]),
    interface: (
      linkType: number,
      options: readonly (readonly [code: number, value: readonly number[]])[] = [],
    ) =>
      block(1, [
        ...u16(linkType),
        ...u16(0),
        ...u32(0),
        ...options.flatMap(([code, value]) => [...u16(code), ...u16(value.length), ...padded(value)]),
      ]),
    enhanced: (id: number, octets: readonly number[], time: readonly [high: number, low: number] = [0, 0]) =>
      block(6, [
        ...u32(id),
        ...u32(time[0]),
        ...u32(time[1]),
        ...u32(octets.length),
        ...u32(octets.length),
        ...octets,
      ]),
    simple: (octets: readonly number[]) => block(3, [...u32(octets.length), ...octets]),
    obsolete: (id: number, octets: readonly number[], time: readonly [high: number, low: number] = [0, 0]) =>
      block(2, [
        ...u16(id),
        ...u16(0),
        ...u32(time[0]),
        ...u32(time[1]),
        ...u32(octets.length),
        ...u32(octets.length),
        ...octets,
      ]),
  };
}

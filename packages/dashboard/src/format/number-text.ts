const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** 1,234,567. */
export const countText = (value: number) => whole.format(value);

/** 0.4, 12, 1.2k, 3.4M: three digits at most, for tiles and axes. */
export function shortText(value: number): string {
  const size = Math.abs(value);
  if (size < 10) return oneDigit.format(value);
  if (size < 1000) return whole.format(value);
  return scaled(value, 1000, ['k', 'M', 'G', 'T', 'P']);
}

/** 512 B, 1.2 kB, 3.4 GB. */
export function octetsText(value: number): string {
  if (Math.abs(value) < 1000) return `${whole.format(value)} B`;
  return scaled(value, 1000, [' kB', ' MB', ' GB', ' TB', ' PB']);
}

/** Bits a second of octets a second. */
export const bitRateText = (octetsPerSecond: number) => octetsText(octetsPerSecond * 8).replace('B', 'bit/s');

/** 12.3 %. */
export const percentText = (share: number) => `${oneDigit.format(share * 100)} %`;

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = value;
  let unit = '';
  for (const next of units) {
    rest /= base;
    unit = next;
    // 999.96 would be printed as 1,000.
    if (Math.abs(rest) < base - 0.05) break;
  }
  return `${(Math.abs(rest) < 100 ? oneDigit : whole).format(rest)}${unit}`;
}

const protocols: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  47: 'GRE',
  50: 'ESP',
  58: 'ICMPv6',
  132: 'SCTP',
};

/** The name that IANA gave, where it is a usual one. */
export const protocolText = (number: number | null) =>
  number === null ? '' : (protocols[number] ?? String(number));

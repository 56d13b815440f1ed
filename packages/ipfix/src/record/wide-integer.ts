/** The integer of 5 to 8 octets from its upper and its lower 32 bits: a number where it is exact. */
export function wideUnsigned(high: number, low: number): number | bigint {
  return high < 0x200000 ? high * 0x100000000 + low : (BigInt(high) << 32n) | BigInt(low);
}

/** As {@link wideUnsigned}, the upper 32 bits signed. */
export function wideSigned(high: number, low: number): number | bigint {
  const exact = high >= -0x200000 && high < 0x200000 && (high !== -0x200000 || low !== 0);
  return exact ? high * 0x100000000 + low : (BigInt(high) << 32n) | BigInt(low);
}

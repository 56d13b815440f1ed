/** Identifier octets (X.690, 8.1.2) of the universal types that the module uses. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  real: 0x09,
  enumerated: 0x0a,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** `[number]` around an explicitly tagged type; number < 31. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

/** `[APPLICATION number]` around an explicitly tagged type; number < 31. */
export function applicationTag(number: number): number {
  return 0x60 | number;
}

/** Class and number without the constructed bit: what a field is told apart by. */
export function tagIdentity(octet: number): number {
  return octet & 0xdf;
}

const classNames = ['', 'APPLICATION ', '', 'PRIVATE '];
const universalNames: Readonly<Record<number, string>> = {
  1: 'BOOLEAN',
  2: 'INTEGER',
  4: 'OCTET STRING',
  5: 'NULL',
  9: 'REAL',
  10: 'ENUMERATED',
  12: 'UTF8String',
  16: 'SEQUENCE',
  24: 'GeneralizedTime',
};

/** For error messages: `[3] (a3)`, `INTEGER (02)`. */
export function describeTag(octet: number): string {
  const hex = octet.toString(16).padStart(2, '0');
  const number = octet & 0x1f;
  if (octet >> 6 === 0 && number in universalNames) return `${universalNames[number]} (${hex})`;
  const prefix = octet >> 6 === 0 ? 'UNIVERSAL ' : classNames[octet >> 6];
  return `[${prefix}${number === 0x1f ? '31 or more' : number}] (${hex})`;
}

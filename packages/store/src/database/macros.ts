/** A run of n zero groups in the text of an IPv6 address. */
const zeroRun = (n: number) => `'(^|:)0(:0){${n - 1}}(:|$)'`;

/** RFC 5952, section 4.2: `::` takes the place of the longest run of at least two; of equal ones, of the first. */
const shortened = [8, 7, 6, 5, 4, 3, 2]
  .map((n) => `WHEN regexp_matches(text, ${zeroRun(n)}) THEN regexp_replace(text, ${zeroRun(n)}, '::')`)
  .join(' ');

/** The groups of 32 hexadecimal digits, without their leading zeros. */
const groups = [0, 1, 2, 3, 4, 5, 6, 7]
  .map((i) => `regexp_replace(digits[${4 * i + 1}:${4 * i + 4}], '^0{1,3}', '')`)
  .join(` || ':' || `);

/** Names a value: a macro's argument is pasted wherever it is named, and computed there once more. */
const letBe = (name: string, value: string, expression: string) =>
  `list_transform([${value}], lambda ${name}: ${expression})[1]`;

/**
 * What queries can call: addresses are stored as numbers (IPv4) and octets (IPv6), people write and read text.
 *
 * `ipv4('192.0.2.1')`, `ipv6('2001:db8::1')`: the stored form of a text. `ipv4_text(n)`, `ipv6_text(octets)`: the text.
 */
export const macros: readonly string[] = [
  `ipv4_text(n) AS (n >> 24) || '.' || ((n >> 16) & 255) || '.' || ((n >> 8) & 255) || '.' || (n & 255)`,
  `ipv4(text) AS (split_part(text, '.', 1)::UTINYINT::UINTEGER << 24) | (split_part(text, '.', 2)::UTINYINT::UINTEGER << 16)
     | (split_part(text, '.', 3)::UTINYINT::UINTEGER << 8) | split_part(text, '.', 4)::UTINYINT::UINTEGER`,
  `ipv6_text(octets) AS ${letBe('digits', 'lower(hex(octets))', letBe('text', groups, `CASE ${shortened} ELSE text END`))}`,
  `ipv6_groups(text) AS list_transform(list_filter(string_split(text, ':'), lambda part: part <> ''), lambda part: lpad(part, 4, '0'))`,
  `ipv6(text) AS ${letBe(
    'ends',
    `[ipv6_groups(split_part(text, '::', 1)), ipv6_groups(split_part(text, '::', 2))]`,
    `unhex(array_to_string(ends[1], '') || repeat('0', 32 - 4 * (len(ends[1]) + len(ends[2]))) || array_to_string(ends[2], ''))`,
  )}`,
];

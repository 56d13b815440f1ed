const letters = 'UAPRSF';

/** By the six low bits of tcpControlBits. */
const texts: readonly string[] = Array.from({ length: 64 }, (_, flags) =>
  [...letters].map((letter, i) => ((flags >> (5 - i)) & 1 ? letter : '.')).join(''),
);

/** TCP flags as IPFIXcol prints them: `.AP.SF`. */
export const flagsText = (flags: number): string => texts[flags & 63];

const letters = 'UAPRSF';

/** The lower six of the TCP control bits (RFC 9293) as nfdump prints them: `.AP.SF`. */
export const flagText = (bits: number): string =>
  [...letters].map((letter, i) => ((bits >> (letters.length - 1 - i)) & 1 ? letter : '.')).join('');

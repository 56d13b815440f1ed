/**
 * Text that somebody else wrote, made safe to show in one line: control characters (C0, C1, line and paragraph
 * separators), invisible and direction-changing ones (which make a text look like another one), and lone surrogates
 * become spaces; runs of white space become one; what is longer than `maxLength` UTF-16 code units ends in `…`.
 */
export function printable(text: string, maxLength: number): string {
  // Cut before the replacements too, so that a text of megabytes costs no more than a short one.
  const line = text
    .slice(0, 4 * maxLength)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= maxLength && text.length <= 4 * maxLength) return line;
  const cut = line.slice(0, maxLength - 1);
  // Not through the middle of a surrogate pair.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

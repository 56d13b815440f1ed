export type TextTest = (text: string) => boolean;

/** A run of characters between two `%`; null stands for `_`, any one character. */
type Segment = readonly (string | null)[];

/**
 * The test of a `like` pattern: `%` stands for any characters, `_` for one; the escape character takes their meaning
 * from them. It works on runs of characters found from left to right, so it never backtracks: at worst the product of
 * the two lengths.
 */
export function likeTest(pattern: string, escapeChar: string | undefined): TextTest {
  const segments = segmentsOf(pattern, escapeChar);
  const [first] = segments;
  if (segments.length === 1) return (text) => text.length === first.length && fits(text, 0, first);
  const last = segments.at(-1)!;
  const middle = segments.slice(1, -1).filter((segment) => segment.length > 0);
  const least = segments.reduce((sum, segment) => sum + segment.length, 0);
  const literal =
    middle.length === 1 &&
    first.length === 0 &&
    last.length === 0 &&
    middle[0].every((char) => char !== null);
  if (literal) {
    const part = middle[0].join('');
    return (text) => text.includes(part);
  }
  return (text) => {
    if (text.length < least || !fits(text, 0, first) || !fits(text, text.length - last.length, last))
      return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const segment of middle) {
      at = find(text, at, end, segment);
      if (at < 0) return false;
      at += segment.length;
    }
    return true;
  };
}

function segmentsOf(pattern: string, escapeChar: string | undefined): Segment[] {
  const segments: (string | null)[][] = [[]];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === (escapeChar ?? '\\') && i + 1 < pattern.length && isEscapable(pattern[i + 1], escapeChar)) {
      segments.at(-1)!.push(pattern[++i]);
    } else if (char === '%') segments.push([]);
    else segments.at(-1)!.push(char === '_' ? null : char);
  }
  return segments;
}

/** An escape character that the statement names takes the meaning of any character, a backslash by itself not. */
const isEscapable = (char: string, escapeChar: string | undefined): boolean =>
  escapeChar !== undefined || char === '%' || char === '_' || char === '\\';

function fits(text: string, at: number, segment: Segment): boolean {
  for (let i = 0; i < segment.length; i++) {
    if (segment[i] !== null && text[at + i] !== segment[i]) return false;
  }
  return true;
}

/** The first place from `at` on where the segment fits before `end`; -1 if there is none. */
function find(text: string, at: number, end: number, segment: Segment): number {
  for (let i = at; i + segment.length <= end; i++) if (fits(text, i, segment)) return i;
  return -1;
}

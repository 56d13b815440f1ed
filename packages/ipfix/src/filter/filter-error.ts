import { IpfixError } from '../ipfix-error.ts';

/** Longest part of a line that is shown around a fault. */
const shownWidth = 100;

/**
 * An error that shows where in the filter it is: line and column, the line, and a caret below the place.
 *
 * @param at UTF-16 code units from the beginning of the filter
 */
export function filterError(filter: string, at: number, length: number, message: string): IpfixError {
  const lineStart = filter.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = filter.indexOf('\n', at);
  const whole = filter.slice(lineStart, lineEnd < 0 ? filter.length : lineEnd);
  const line = filter.slice(0, lineStart).split('\n').length;
  const column = at - lineStart + 1;
  const from = Math.max(0, column - 1 - shownWidth / 2);
  const shown = whole.slice(from, from + shownWidth).replaceAll('\t', ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - (column - 1 - from))));
  const text = `filter, line ${line}, column ${column}: ${message}\n  ${shown}\n  ${' '.repeat(column - 1 - from)}${carets}`;
  return new IpfixError('IPFIX_BAD_FILTER', text, { offset: at });
}

/** `; did you mean "…"?` where one of the words is close, else nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  let best: string | undefined;
  // A third of the letters may be wrong, but not more than 3.
  let least = Math.min(3, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best === undefined ? '' : `; did you mean ${JSON.stringify(best)}?`;
}

/** Letters that are wrong, missing, too many, or exchanged with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

import { type TimeZone, timeOfWallClock, utc } from '../time-zone.ts';

/** Reads a date by a pattern of year `y`, month `M`, day `d`, hour `H`, minute `m`, second `s`, millisecond `S`. */
export type DateReader = (text: string) => number | null;

const fields = ['y', 'M', 'd', 'H', 'm', 's', 'S'] as const;

/** The reader of a pattern, which ignores what stands behind the date; undefined where it has letters that stand for anything else. */
export function dateReader(pattern: string, zone: TimeZone = utc): DateReader | undefined {
  if (pattern.toLowerCase() === 'iso') return (text) => readIso(text, zone);
  const order: (typeof fields)[number][] = [];
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at];
    let length = 1;
    while (pattern[at + length] === char) length++;
    if (char === "'") {
      const end = pattern.indexOf("'", at + 1);
      if (end < 0) return undefined;
      source += escapeText(pattern.slice(at + 1, end) || "'");
      at = end + 1;
      continue;
    }
    const field = fields.find((one) => one === char);
    if (field !== undefined) {
      order.push(field);
      source += length > 1 ? `(\\d{${length}})` : '(\\d{1,9})';
    } else if (/[A-Za-z]/.test(char)) return undefined;
    else source += escapeText(char.repeat(length));
    at += length;
  }
  const expression = new RegExp(`^${source}`);
  return (text) => {
    const found = expression.exec(text);
    if (found === null) return null;
    const value = (field: (typeof fields)[number], otherwise: number): number => {
      const place = order.indexOf(field);
      return place < 0 ? otherwise : Number(found[place + 1]);
    };
    const ms = Date.UTC(
      value('y', 1970),
      value('M', 1) - 1,
      value('d', 1),
      value('H', 0),
      value('m', 0),
      value('s', 0),
      value('S', 0),
    );
    return Number.isNaN(ms) ? null : timeOfWallClock(ms, zone);
  };
}

const escapeText = (text: string): string => text.replace(/[^A-Za-z0-9\s]/g, '\\$&');

const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** ISO 8601; a time without an offset is one of the zone. */
function readIso(text: string, timeZone: TimeZone): number | null {
  const found = iso.exec(text);
  if (found === null) return null;
  const [, time, , , zone] = found;
  const ms = Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text);
  if (Number.isNaN(ms)) return null;
  return zone === undefined ? timeOfWallClock(ms, timeZone) : ms;
}

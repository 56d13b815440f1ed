/** 0001-01-01: neither XML Schema 1.0 nor RFC 3339 in common readers has a year 0000. */
const firstMs = -62_135_596_800_000;
const lastMs = 253_402_300_799_999;

/** RFC 3339 in UTC, with a fraction only where there is one. Times of the year 0000 become the first of 0001. */
export function timeText(ms: number): string {
  return new Date(Math.max(ms, firstMs)).toISOString().replace('.000Z', 'Z');
}

/** Whether the time comes back from its text as it is. */
export function hasTimeText(ms: number): boolean {
  return Number.isInteger(ms) && ms >= firstMs && ms <= lastMs;
}

/**
 * Milliseconds since 1970 of an RFC 3339 or xs:dateTime text, and of what is common beside these: a comma before the
 * fraction, no seconds, no time of the day, `UTC` or `GMT` for `Z`, the form without separators. Finer fractions are cut;
 * without zone: UTC.
 */
export function timeOfText(text: string | undefined): number | undefined {
  const match = text === undefined || text.length > 60 ? null : common.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^(z|utc|gmt)$/i.test(zone) ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2');
  const digits = fraction.slice(0, 3);
  const ms = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${digits === '' ? '' : `.${digits}`}${offset}`,
  );
  return ms >= firstMs && ms <= lastMs ? ms : undefined;
}

const common =
  /^\s*([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[Tt\s]([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]{1,20}))?)?\s?(z|utc|gmt|[+-][0-9]{2}:?[0-9]{2})?)?\s*$/i;

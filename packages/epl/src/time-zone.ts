/** How far the clocks of a place are ahead of UTC. */
export interface TimeZone {
  /** As the IANA time zone database names it. */
  readonly name: string;
  /** At that point in time, milliseconds; negative west of Greenwich. */
  offsetMs(timeMs: number): number;
  /** As `CET`, `GMT+2` at that point in time. */
  abbreviation(timeMs: number): string;
}

export const utc: TimeZone = { name: 'UTC', offsetMs: () => 0, abbreviation: () => 'UTC' };

/** Clocks are put forward and back at full quarters of an hour. */
const quarterMs = 900_000;
/** Quarters that are remembered: more than a hundred days. */
const mostRemembered = 10_000;

/**
 * The zone of that name. Undefined where the ICU data of this program knows none.
 * @param name of the IANA time zone database, such as `Europe/Amsterdam`
 */
export function createTimeZone(name: string): TimeZone | undefined {
  if (name === 'UTC') return utc;
  let parts: Intl.DateTimeFormat;
  let named: Intl.DateTimeFormat;
  try {
    const numeric = 'numeric' as const;
    const fields = {
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    };
    parts = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', era: 'short', ...fields });
    named = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' });
  } catch {
    return undefined;
  }
  const remembered = new Map<number, number>();
  return {
    name,
    offsetMs: (timeMs) => {
      const quarter = Math.floor(timeMs / quarterMs);
      let offset = remembered.get(quarter);
      if (offset === undefined) {
        if (remembered.size >= mostRemembered) remembered.clear();
        offset = offsetAt(parts, quarter * quarterMs);
        remembered.set(quarter, offset);
      }
      return offset;
    },
    abbreviation: (timeMs) =>
      named.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName')?.value ?? name,
  };
}

function offsetAt(format: Intl.DateTimeFormat, timeMs: number): number {
  const found = new Map(format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
  const field = (type: Intl.DateTimeFormatPartTypes): number => Number(found.get(type));
  const year = found.get('era') === 'BC' ? 1 - field('year') : field('year');
  const wall = new Date(0);
  wall.setUTCFullYear(year, field('month') - 1, field('day'));
  wall.setUTCHours(field('hour'), field('minute'), field('second'));
  return wall.getTime() - timeMs;
}

/** What the clocks of the zone show, as milliseconds since they showed the beginning of 1970. */
export const wallClock = (timeMs: number, zone: TimeZone): number => timeMs + zone.offsetMs(timeMs);

/**
 * When the clocks of the zone show that. What they show twice is the later of the two; what they leave out counts on from
 * the hour before, as if they had not been put forward: both as in Java's Calendar.
 */
export function timeOfWallClock(wallMs: number, zone: TimeZone): number {
  const dayMs = 86_400_000;
  const before = zone.offsetMs(wallMs - zone.offsetMs(wallMs) - dayMs);
  const after = zone.offsetMs(wallMs - zone.offsetMs(wallMs) + dayMs);
  const later = wallMs - after;
  return before === after || zone.offsetMs(later) === after ? later : wallMs - before;
}

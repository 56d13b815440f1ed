/** Seconds from 1900, where NTP's era 0 begins, to 1970. */
const ntpToUnixSeconds = 2208988800;

/**
 * Seconds since 1970 of an NTP timestamp's seconds. Those below 2^31 belong to era 1, which begins in 2036
 * (RFC 4330 section 3), so that 1968 to 2104 can be told.
 */
const unixSeconds = (ntpSeconds: number) =>
  (ntpSeconds < 0x80000000 ? ntpSeconds + 0x100000000 : ntpSeconds) - ntpToUnixSeconds;

/**
 * Milliseconds since 1970, whole microseconds, of a dateTimeMicroseconds; the low 11 bits of its fraction mean
 * nothing (RFC 7011 section 6.1.9).
 */
export function ntpMicrosecondsToMs(seconds: number, fraction: number): number {
  const microseconds = Math.round(((fraction & ~0x7ff) >>> 0) * (1e6 / 0x100000000));
  // The sum is an exact integer, so that the division rounds only once.
  return (unixSeconds(seconds) * 1e6 + microseconds) / 1000;
}

/**
 * Milliseconds since 1970, to the nearest nanosecond, of a dateTimeNanoseconds (RFC 7011 section 6.1.10). A number
 * has room for about a quarter of a microsecond at today's dates.
 */
export function ntpNanosecondsToMs(seconds: number, fraction: number): number {
  const nanoseconds = Math.round(fraction * (1e9 / 0x100000000));
  return unixSeconds(seconds) * 1000 + nanoseconds / 1e6;
}

/** The NTP timestamp of a time; undefined outside 1968-01-20 to 2104-02-26. */
export function msToNtp(
  ms: number,
  unit: 'micro' | 'nano',
): { readonly seconds: number; readonly fraction: number } | undefined {
  let unix = Math.floor(ms / 1000);
  const step = unit === 'micro' ? 0x800 : 1;
  let fraction = Math.round(((ms - unix * 1000) * (0x100000000 / 1000)) / step) * step;
  if (fraction >= 0x100000000) {
    fraction = 0;
    unix++;
  }
  const ntp = unix + ntpToUnixSeconds;
  if (!(ntp >= 0x80000000 && ntp < 0x180000000)) return undefined;
  return { seconds: ntp % 0x100000000, fraction };
}

import { IpfixError } from '../ipfix-error.ts';

/** Conversions of `strftime` that a name may have; all in UTC. */
const conversions: Readonly<Record<string, (time: Date) => string>> = {
  Y: (time) => String(time.getUTCFullYear()).padStart(4, '0'),
  m: (time) => twoDigits(time.getUTCMonth() + 1),
  d: (time) => twoDigits(time.getUTCDate()),
  H: (time) => twoDigits(time.getUTCHours()),
  M: (time) => twoDigits(time.getUTCMinutes()),
  S: (time) => twoDigits(time.getUTCSeconds()),
  s: (time) => String(Math.floor(time.getTime() / 1000)),
  '%': () => '%',
};

const twoDigits = (value: number) => String(value).padStart(2, '0');

/**
 * The name of the slice that begins at a time, from a pattern such as `flows-%Y%m%d-%H%M%S.ipfix`; a `/` in it
 * makes folders.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for a conversion that is none of `%Y %m %d %H %M %S %s %%`
 */
export function sliceName(pattern: string, startMs: number): string {
  const time = new Date(startMs);
  return pattern.replace(/%(.?)/g, (text, letter: string) => {
    const convert = Object.hasOwn(conversions, letter) ? conversions[letter] : undefined;
    if (convert !== undefined) return convert(time);
    const known = Object.keys(conversions).map((name) => `%${name}`);
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      `${text} in the name ${pattern} means nothing: use ${known.join(' ')}`,
    );
  });
}

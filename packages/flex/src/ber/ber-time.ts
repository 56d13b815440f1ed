/**
 * `YYYYMMDDHH[MM[SS[.f]]]` with `Z` or an offset (X.680, clause 46). Local time without either is none: whose it is
 * cannot be known.
 */
const berTime = /^(\d{10})(\d\d)?(\d\d)?(?:[.,](\d{1,40}))?(?:Z|([+-])(\d\d)(\d\d)?)$/;

/** The contents in the form of DER (X.690, 11.7): UTC with `Z`, with seconds; undefined for what is no such time. */
export function derTimeContents(contents: Uint8Array): Uint8Array | undefined {
  if (contents.length > 64) return undefined;
  const match = berTime.exec(Buffer.from(contents).toString('latin1'));
  if (match === null) return undefined;
  const [, hour, minutes, seconds, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  // A fraction of an hour or of a minute is allowed, and used by nobody.
  if (fraction !== '' && seconds === undefined) return undefined;
  const whole = `${hour}${minutes ?? '00'}${seconds ?? '00'}`;
  const digits = fraction.replace(/0+$/, '');
  const suffix = `${digits === '' ? '' : `.${digits}`}Z`;
  if (sign === undefined) return Buffer.from(whole + suffix, 'latin1');
  const [, date, time] = /^(\d{8})(\d{6})$/.exec(whole) ?? [];
  const local = Date.parse(
    `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
  );
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const utc = new Date(sign === '+' ? local - offsetMs : local + offsetMs);
  if (Number.isNaN(utc.getTime()) || utc.getUTCFullYear() < 0 || utc.getUTCFullYear() > 9999)
    return undefined;
  return Buffer.from(utc.toISOString().slice(0, 19).replace(/[-:T]/g, '') + suffix, 'latin1');
}

/** A string as SQL has it. Only for what the configuration says, such as paths: values of users are bound. */
export const sqlString = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as SQL has it. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A time given in ms since 1970, as a TIMESTAMP in UTC. */
export function sqlTime(ms: number): string {
  if (!Number.isSafeInteger(ms)) throw new RangeError(`not a time in milliseconds: ${ms}`);
  return `make_timestamp_ms(${ms})`;
}

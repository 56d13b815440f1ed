/** A copy without the keys that are undefined: optional fields are absent in records and messages. */
export function defined<T extends object>(fields: T): T {
  const kept: Partial<T> = {};
  for (const key of Object.keys(fields) as (keyof T)[]) {
    if (fields[key] !== undefined) kept[key] = fields[key];
  }
  return kept as T;
}

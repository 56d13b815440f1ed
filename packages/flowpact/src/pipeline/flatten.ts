const maxNesting = 32;

/**
 * Nested objects become dotted keys: `{"ipfix": {"octets": 1}}` is `{"ipfix.octets": 1}`, as espercli reads its
 * input. Arrays and scalars stay. Beyond 32 levels objects are kept as they are.
 */
export function flatten(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  for (const key in data) {
    if (isNested(data[key])) {
      const flat: Record<string, unknown> = Object.create(null);
      copyFlat(data, '', flat, 0);
      return flat;
    }
  }
  return data; // the usual case: nothing to do, nothing copied
}

function copyFlat(
  data: Readonly<Record<string, unknown>>,
  path: string,
  flat: Record<string, unknown>,
  nesting: number,
): void {
  for (const key in data) {
    const value = data[key];
    if (nesting < maxNesting && isNested(value)) copyFlat(value, `${path}${key}.`, flat, nesting + 1);
    else flat[path + key] = value;
  }
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

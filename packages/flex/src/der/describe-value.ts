/** A value that a caller should not have given, for an error message. Never throws, whatever the value is. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'bigint': {
      const digits = value.toString();
      return digits.length > 40 ? `an integer of ${digits.length} digits` : digits;
    }
    default:
      return String(value);
  }
}

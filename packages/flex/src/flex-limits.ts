import { FlexError } from './flex-error.ts';

/** What a decoder accepts at most. Beyond any of these it throws `FLEX_LIMIT`. */
export interface FlexLimits {
  /** Octets of the whole record; default 16 MiB. */
  readonly maxBytes: number;
  /** Groups of flows (`correlation`); default 10,000. */
  readonly maxGroups: number;
  /** Flow rows, all groups together; default 1,000,000. */
  readonly maxRows: number;
  /** Columns of a layout and values of a row; default 4,096. */
  readonly maxColumns: number;
  /**
   * Values, all rows and the lists in them together; default 2,000,000. Bounds the memory: one takes up to 220 octets
   * once decoded (an OCTET STRING of one octet).
   */
  readonly maxValues: number;
  /** Elements of all other lists together: endpoints, ports, properties, asks, unknown fields, …; default 65,536. */
  readonly maxItems: number;
  /** Lists within lists in a value, elements within elements in an unknown field; default 16, at most 256. */
  readonly maxNesting: number;
  /** Contents octets of an INTEGER or a REAL; default 64. */
  readonly maxIntegerBytes: number;
}

export const defaultFlexLimits: FlexLimits = {
  maxBytes: 16 * 1024 * 1024,
  maxGroups: 10_000,
  maxRows: 1_000_000,
  maxColumns: 4_096,
  maxValues: 2_000_000,
  maxItems: 65_536,
  maxNesting: 16,
  maxIntegerBytes: 64,
};

/** Reading and writing lists is recursive: deeper than this, the stack would be the limit. */
export const deepestNesting = 256;

/** @throws FlexError `FLEX_INVALID` for a limit that is not a whole number from 0. */
export function resolveFlexLimits(limits: Partial<FlexLimits> = {}): FlexLimits {
  const resolved: { -readonly [K in keyof FlexLimits]: number } = { ...defaultFlexLimits };
  for (const name of Object.keys(defaultFlexLimits) as (keyof FlexLimits)[]) {
    const value = limits[name] ?? defaultFlexLimits[name];
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new FlexError('FLEX_INVALID', `the limit ${name} must be a whole number from 0, not ${value}`);
    }
    resolved[name] = value;
  }
  resolved.maxNesting = Math.min(resolved.maxNesting, deepestNesting);
  return resolved;
}

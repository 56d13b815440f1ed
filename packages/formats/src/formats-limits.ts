import { FormatsError } from './formats-error.ts';

/** What a decoder accepts at most. Beyond any of these it throws `FORMATS_LIMIT`. */
export interface FormatsLimits {
  /** Octets of the whole document; default 16 MiB. */
  readonly maxBytes: number;
  /** Elements within elements of XML, lists and objects within each other of JSON and YAML, parts within parts of a mail; default 64, at most 256. */
  readonly maxNesting: number;
  /** Elements and attributes of XML, values of JSON and YAML, fields of a report; default 1,000,000. */
  readonly maxNodes: number;
  /** Parts of a mail; default 64. */
  readonly maxParts: number;
  /** Octets of the header of a mail or of one of its parts; default 256 KiB. */
  readonly maxHeaderBytes: number;
  /** Characters of a report in YAML, without our additional data; a longer one is read line by line; default 65,536. */
  readonly maxYamlLength: number;
  /** Events of one document, and of all mails within one; default 10,000. */
  readonly maxEvents: number;
  /** Losses reported one by one, those beyond are counted in one last entry; default 1,000. */
  readonly maxLosses: number;
}

export const defaultFormatsLimits: FormatsLimits = {
  maxBytes: 16 * 1024 * 1024,
  maxNesting: 64,
  maxNodes: 1_000_000,
  maxParts: 64,
  maxHeaderBytes: 256 * 1024,
  maxYamlLength: 65_536,
  maxEvents: 10_000,
  maxLosses: 1_000,
};

/** Trees are walked recursively: deeper than this, the stack would be the limit. */
const deepestNesting = 256;

/** For documents that come from the encoder itself. */
export const ownDocumentLimits: FormatsLimits = {
  maxBytes: Number.MAX_SAFE_INTEGER,
  maxNesting: deepestNesting,
  maxNodes: Number.MAX_SAFE_INTEGER,
  maxParts: Number.MAX_SAFE_INTEGER,
  maxHeaderBytes: Number.MAX_SAFE_INTEGER,
  maxYamlLength: Number.MAX_SAFE_INTEGER,
  maxEvents: Number.MAX_SAFE_INTEGER,
  maxLosses: 0,
};

/** @throws FormatsError `FORMATS_BAD_VALUE` for a limit that is not a whole number from 0. */
export function resolveFormatsLimits(limits: Partial<FormatsLimits> = {}): FormatsLimits {
  const resolved: { -readonly [K in keyof FormatsLimits]: number } = { ...defaultFormatsLimits };
  for (const name of Object.keys(defaultFormatsLimits) as (keyof FormatsLimits)[]) {
    const value = limits[name] ?? defaultFormatsLimits[name];
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new FormatsError(
        'FORMATS_BAD_VALUE',
        `the limit ${name} must be a whole number from 0, not ${value}`,
      );
    }
    resolved[name] = value;
  }
  resolved.maxNesting = Math.min(resolved.maxNesting, deepestNesting);
  return resolved;
}

/** @throws FormatsError `FORMATS_LIMIT` */
export function checkSize(bytes: Uint8Array, limits: FormatsLimits): void {
  if (bytes.length > limits.maxBytes) {
    throw new FormatsError(
      'FORMATS_LIMIT',
      `${bytes.length} octets are more than maxBytes, ${limits.maxBytes}`,
    );
  }
}

/** @throws FormatsError `FORMATS_LIMIT` */
export function checkEvents(count: number, limits: FormatsLimits): void {
  if (count > limits.maxEvents) {
    throw new FormatsError('FORMATS_LIMIT', `${count} events are more than maxEvents, ${limits.maxEvents}`);
  }
}

/**
 * - `FORMATS_UNKNOWN`: no format has this name
 * - `FORMATS_UNDETECTED`: no format recognises the input
 * - `FORMATS_BAD_ENCODING`: not text in the character encoding that it should have
 * - `FORMATS_BAD_SYNTAX`: not well-formed XML, JSON or DER
 * - `FORMATS_FORBIDDEN`: well-formed, but made of what is never accepted (XML entities and declarations of a DTD)
 * - `FORMATS_OTHER_FORMAT`: well-formed, but another kind of document
 * - `FORMATS_MISSING`: a part without which there is no event is not there
 * - `FORMATS_BAD_VALUE`: a value that cannot be understood, and that must not be guessed
 * - `FORMATS_ENCRYPTED`: it cannot be read without a key, which is not here or not the right one
 * - `FORMATS_BAD_SIGNATURE`: not as one of the given keys signed it
 * - `FORMATS_LIMIT`: beyond a limit in `FormatsLimits`
 */
export type FormatsErrorCode =
  | 'FORMATS_UNKNOWN'
  | 'FORMATS_UNDETECTED'
  | 'FORMATS_BAD_ENCODING'
  | 'FORMATS_BAD_SYNTAX'
  | 'FORMATS_FORBIDDEN'
  | 'FORMATS_OTHER_FORMAT'
  | 'FORMATS_MISSING'
  | 'FORMATS_BAD_VALUE'
  | 'FORMATS_ENCRYPTED'
  | 'FORMATS_BAD_SIGNATURE'
  | 'FORMATS_LIMIT';

/** Every error that this package throws. */
export class FormatsError extends Error {
  override readonly name = 'FormatsError';
  readonly code: FormatsErrorCode;
  /** Where in the input: `line 3, column 14`, `octet 12`, or the path of a field; empty for the input as a whole. */
  readonly place: string;

  constructor(code: FormatsErrorCode, message: string, options: { place?: string; cause?: unknown } = {}) {
    super(
      options.place ? `${message} (at ${options.place})` : message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.place = options.place ?? '';
  }
}

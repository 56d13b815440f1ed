/**
 * - `FLEX_TRUNCATED`: the input ends before the element does
 * - `FLEX_BAD_LENGTH`: an element is longer than the one around it
 * - `FLEX_BAD_TAG`: another tag than the module has at this place
 * - `FLEX_MISSING`: a field that is not OPTIONAL is not there
 * - `FLEX_NOT_DER`: BER, but not in the one form that DER allows
 * - `FLEX_BAD_VALUE`: a value outside its type or its constraint
 * - `FLEX_TRAILING`: octets after the end of the record or of a type without extension marker
 * - `FLEX_LIMIT`: within the module, but beyond a limit in {@link FlexLimits}
 * - `FLEX_INVALID`: a record or a message, given by the caller, that the module cannot express
 * - `FLEX_UNSUPPORTED`: a record of a later version, saying something that this version must not guess
 */
export type FlexErrorCode =
  | 'FLEX_TRUNCATED'
  | 'FLEX_BAD_LENGTH'
  | 'FLEX_BAD_TAG'
  | 'FLEX_MISSING'
  | 'FLEX_NOT_DER'
  | 'FLEX_BAD_VALUE'
  | 'FLEX_TRAILING'
  | 'FLEX_LIMIT'
  | 'FLEX_INVALID'
  | 'FLEX_UNSUPPORTED';

/** Every error that this package throws. */
export class FlexError extends Error {
  override readonly name = 'FlexError';
  readonly code: FlexErrorCode;
  /** Where in the input, in octets from its beginning; undefined when encoding. */
  readonly offset: number | undefined;
  /** Which field of the record, e.g. `detection.sources[0].address`; empty for the record itself. */
  readonly path: string | undefined;

  constructor(
    code: FlexErrorCode,
    message: string,
    options: { offset?: number; path?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.offset = options.offset;
    this.path = options.path;
  }
}

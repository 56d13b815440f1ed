export type ResponseErrorCode =
  /** The configuration cannot work: the message names the field. */
  | 'RESPONSE_BAD_CONFIG'
  /** The rule says nothing, or what no rule can say. */
  | 'RESPONSE_BAD_RULE'
  /** A rail stands in the way: the message says which. */
  | 'RESPONSE_REFUSED'
  /** There is no mitigation of that id. */
  | 'RESPONSE_UNKNOWN_MITIGATION'
  /** The mitigation is past that: what has expired cannot be approved. */
  | 'RESPONSE_WRONG_STATE'
  /** What rules are handed to did not take one, or does not answer; another attempt may succeed. */
  | 'RESPONSE_EMITTER_FAILED'
  /** The flows that a rule is to be tried on cannot be read. */
  | 'RESPONSE_REPLAY_FAILED'
  /** The audit log cannot be read or written, or its chain of hashes does not hold. */
  | 'RESPONSE_LOG_FAILED'
  /** A stated limit is reached; try again later. */
  | 'RESPONSE_FULL'
  /** Not started, or stopping. */
  | 'RESPONSE_NOT_RUNNING';

/** Every error that this package throws. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly code: ResponseErrorCode;

  constructor(code: ResponseErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
  }
}

export type FlowpactErrorCode =
  /** An option or argument makes no sense. */
  | 'FLOWPACT_USAGE'
  /** A file cannot be read or written. */
  | 'FLOWPACT_FILE'
  /** An address or port cannot be listened on or reached. */
  | 'FLOWPACT_NETWORK'
  /** A module does not compile, or lacks what the command needs. */
  | 'FLOWPACT_MODULE'
  /** An annotation `@SecurityEvent` is wrong. */
  | 'FLOWPACT_ANNOTATION'
  /** An input line is wrong and the command was asked to be strict. */
  | 'FLOWPACT_INPUT'
  /** The demo did not show what it should. */
  | 'FLOWPACT_DEMO'
  /** The configuration is wrong; the message has a line for each error. */
  | 'FLOWPACT_CONFIG'
  /** A running daemon does not answer, or a directory is in use by another one. */
  | 'FLOWPACT_DAEMON';

/** Every error that the command line ends with; its message says what, where, and what to do. */
export class FlowpactError extends Error {
  override readonly name = 'FlowpactError';
  readonly code: FlowpactErrorCode;

  constructor(code: FlowpactErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}

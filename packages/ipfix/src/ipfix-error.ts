/**
 * Stable codes of everything this package throws. Bad bytes inside a message are not among them: a decoder
 * reports those as a {@link DecodeIssue} and goes on.
 *
 * | code | when |
 * |---|---|
 * | `IPFIX_BAD_VERSION` | a byte stream holds something other than an IPFIX message where one must begin |
 * | `IPFIX_BAD_LENGTH` | a message header in a stream gives a length below 16 or above the limit |
 * | `IPFIX_TRUNCATED` | a stream ended inside a message |
 * | `IPFIX_BAD_TEMPLATE` | a template given to the encoder cannot be put on the wire |
 * | `IPFIX_BAD_VALUE` | a value given to the encoder does not fit its field |
 * | `IPFIX_RECORD_TOO_LONG` | a record or template given to the encoder is longer than a message may be |
 * | `IPFIX_BAD_CONFIG` | a configuration value is outside its range |
 * | `IPFIX_NOT_CONNECTED` | `send` before `start`, after `stop`, or after the connection was lost |
 * | `IPFIX_IO` | the operating system refused or broke a socket or a file; see `cause` |
 * | `IPFIX_BAD_CAPTURE` | a file is no pcap or pcapng capture, or is damaged from some octet on |
 * | `IPFIX_UNSUPPORTED` | an input is of a kind that this package cannot read; the message names it |
 * | `IPFIX_BAD_FILTER` | the text of a filter does not say what to do; the message shows where |
 * | `IPFIX_IDLE` | a collector ended a session because nothing arrived for the idle time |
 */
export type IpfixErrorCode =
  | 'IPFIX_BAD_VERSION'
  | 'IPFIX_BAD_LENGTH'
  | 'IPFIX_TRUNCATED'
  | 'IPFIX_BAD_TEMPLATE'
  | 'IPFIX_BAD_VALUE'
  | 'IPFIX_RECORD_TOO_LONG'
  | 'IPFIX_BAD_CONFIG'
  | 'IPFIX_NOT_CONNECTED'
  | 'IPFIX_IO'
  | 'IPFIX_BAD_CAPTURE'
  | 'IPFIX_UNSUPPORTED'
  | 'IPFIX_BAD_FILTER'
  | 'IPFIX_IDLE';

export interface IpfixErrorDetails {
  /** Bytes from the beginning of the stream or file to the message at fault. */
  readonly offset?: number;
  /** The template concerned, where there is one. */
  readonly templateId?: number;
  readonly cause?: unknown;
}

/** The only error class that this package throws on purpose. */
export class IpfixError extends Error {
  override readonly name = 'IpfixError';
  readonly code: IpfixErrorCode;
  readonly offset: number | undefined;
  readonly templateId: number | undefined;

  constructor(code: IpfixErrorCode, message: string, details: IpfixErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.offset = details.offset;
    this.templateId = details.templateId;
  }
}

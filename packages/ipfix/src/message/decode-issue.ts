/**
 * What can be wrong with bytes from the network. None of it stops a decoder.
 *
 * | code | what | effect |
 * |---|---|---|
 * | `IPFIX_MESSAGE_TOO_SHORT` | fewer octets than a message header | message skipped |
 * | `IPFIX_MESSAGE_VERSION` | version is none of 1, 5, 7, 9, 10 | message skipped |
 * | `IPFIX_MESSAGE_LENGTH` | the header's length, or count of records, does not fit the message | read up to the shorter of both |
 * | `IPFIX_SET_LENGTH` | a set is shorter than its header or overruns the message | rest of the message skipped |
 * | `IPFIX_SET_RESERVED` | set id 0, 1 or 4 to 255 (RFC 7011 section 3.3.2); in v9 2 to 255 | set skipped |
 * | `IPFIX_TEMPLATE_MALFORMED` | a template record is cut off or contradicts itself | rest of the set skipped |
 * | `IPFIX_TEMPLATE_EMPTY` | records of the template would have no octets | template not kept |
 * | `IPFIX_TEMPLATE_MISSING` | a data set came before its template | set parked until it comes, or skipped |
 * | `IPFIX_PARKED_EXPIRED` | a parked set is too old or had to give way | set skipped |
 * | `IPFIX_RECORD_OVERRUN` | a variable-length record goes past the end of its set | records before it are read |
 * | `IPFIX_LIMIT_DOMAINS`, `IPFIX_LIMIT_TEMPLATES`, `IPFIX_LIMIT_FIELDS` | a limit of the decoder is reached | message or template not kept |
 * | `IPFIX_SEQUENCE_GAP` | records were lost on the way | only counted |
 */
export type DecodeIssueCode =
  | 'IPFIX_MESSAGE_TOO_SHORT'
  | 'IPFIX_MESSAGE_VERSION'
  | 'IPFIX_MESSAGE_LENGTH'
  | 'IPFIX_SET_LENGTH'
  | 'IPFIX_SET_RESERVED'
  | 'IPFIX_TEMPLATE_MALFORMED'
  | 'IPFIX_TEMPLATE_EMPTY'
  | 'IPFIX_TEMPLATE_MISSING'
  | 'IPFIX_PARKED_EXPIRED'
  | 'IPFIX_RECORD_OVERRUN'
  | 'IPFIX_LIMIT_DOMAINS'
  | 'IPFIX_LIMIT_TEMPLATES'
  | 'IPFIX_LIMIT_FIELDS'
  | 'IPFIX_SEQUENCE_GAP';

/** One thing that was wrong in one message. */
export interface DecodeIssue {
  readonly code: DecodeIssueCode;
  /** What, where and, where it helps, what to do. */
  readonly message: string;
  readonly observationDomainId?: number;
  readonly templateId?: number;
  /** Octets from the beginning of the message. */
  readonly offset?: number;
}

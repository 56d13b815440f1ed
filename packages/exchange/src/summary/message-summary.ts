export interface SummaryLimits {
  /** Sources and targets, each, that the text lists. Default 20. */
  readonly maxEndpointsListed: number;
  /** UTF-16 code units of any one field that the sender wrote freely. Default 2,000. */
  readonly maxTextLength: number;
}

export interface MessageSummary {
  /** One line. */
  readonly subject: string;
  /** Plain text, lines ended by `\n`. */
  readonly text: string;
}

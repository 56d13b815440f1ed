export interface MimeLimits {
  /** MIME parts of one mail, the multipart ones included. Default 32. */
  readonly maxParts: number;
  /** Multiparts within multiparts. Default 8. */
  readonly maxNesting: number;
  /** Header bytes of one MIME part, every line counted as 64 at least. Default 64 KiB. */
  readonly maxHeaderBytes: number;
  /** UTF-16 code units kept of the text for people. Default 65,536. */
  readonly maxTextLength: number;
}

export const defaultMimeLimits: MimeLimits = {
  maxParts: 32,
  maxNesting: 8,
  maxHeaderBytes: 64 * 1024,
  maxTextLength: 65_536,
};

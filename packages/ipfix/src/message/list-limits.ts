/** What may be read of one list of RFC 6313. Lists beyond it, or parts of them, stay octets. */
export interface ListLimits {
  /** Lists within lists, the outermost included. Default 8. */
  readonly maxListDepth: number;
  /** Values in one field, those of nested lists included. Default 65,536. */
  readonly maxListValues: number;
}

export const defaultListLimits: ListLimits = { maxListDepth: 8, maxListValues: 65536 };

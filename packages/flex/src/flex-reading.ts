/** What a decoder accepts beside the records that this project writes: nothing, unless asked. */
export interface FlexReading {
  /**
   * `der`: the distinguished encoding alone, so that what decodes encodes to the same octets. `ber`: any form of the
   * basic encoding (X.690, clause 8) too; the offsets of errors are then those in its DER form. Default `der`.
   */
  readonly encoding: 'der' | 'ber';
  /**
   * `explicit`: tags as the module has them. `either`: those of peers that took the listings for implicitly tagged
   * too; they are told apart by the record (`flexTaggingOf`). Default `explicit`.
   */
  readonly tagging: 'explicit' | 'either';
  /**
   * `module`: all of the module, and what later versions add to it. `listings`: only the words of the published
   * listings, and no additions, as strict peers read them. Default `module`.
   */
  readonly profile: 'module' | 'listings';
}

export const defaultFlexReading: FlexReading = { encoding: 'der', tagging: 'explicit', profile: 'module' };

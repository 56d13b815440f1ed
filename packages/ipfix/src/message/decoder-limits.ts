import { IpfixError } from '../ipfix-error.ts';
import { defaultListLimits, type ListLimits } from './list-limits.ts';

/** What one decoder, that is one transport session, may hold at most. */
export interface DecoderLimits extends ListLimits {
  /** Observation domains; messages of further ones are refused and counted. Default 256. */
  readonly maxDomains: number;
  /** Templates and options templates of one observation domain; further ones are refused. Default 1,024. */
  readonly maxTemplatesPerDomain: number;
  /** Fields of one template; longer templates are refused. Default 1,024. */
  readonly maxFieldsPerTemplate: number;
  /**
   * Fields of all templates together, each template counted as 8 more, about 150 octets of memory each; further
   * templates are refused. Default 32,768.
   */
  readonly maxFieldsPerSession: number;
  /** Data sets kept until their template comes; the oldest give way. 0 keeps none. Default 4,096. */
  readonly maxParkedSets: number;
  /** Octets of these sets, about 100 octets of memory each beside them; the oldest give way. Default 1,048,576. */
  readonly maxParkedBytes: number;
  /** Seconds of export time that these sets are kept, so that no later template of the same id misreads them. Default 1,800. */
  readonly maxParkedSeconds: number;
  /** Samplers, interfaces and applications that options data may tell of, all together, in names of up to 255 characters. Default 16,384. */
  readonly maxLearnedNames: number;
  /** Elements of a session that its exporter may describe (RFC 5610). Default 4,096. */
  readonly maxLearnedElements: number;
}

export const defaultDecoderLimits: DecoderLimits = {
  maxDomains: 256,
  maxTemplatesPerDomain: 1024,
  maxFieldsPerTemplate: 1024,
  maxFieldsPerSession: 32768,
  maxParkedSets: 4096,
  maxParkedBytes: 1024 * 1024,
  maxParkedSeconds: 1800,
  maxLearnedNames: 16384,
  maxLearnedElements: 4096,
  ...defaultListLimits,
};

/** Limits that may be 0: a decoder can do without what they bound. */
const optional: readonly string[] = ['maxParkedSets', 'maxParkedBytes', 'maxParkedSeconds'];

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a limit that is not a positive integer, or 0 where that has a meaning. */
export function decoderLimits(given: Partial<DecoderLimits> = {}): DecoderLimits {
  const limits = { ...defaultDecoderLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const least = optional.includes(name) ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new IpfixError(
        'IPFIX_BAD_CONFIG',
        `limits.${name} is ${value}: give an integer of ${least} or more`,
      );
    }
  }
  return limits;
}

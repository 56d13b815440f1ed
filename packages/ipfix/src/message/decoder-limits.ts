import { IpfixError } from '../ipfix-error.ts';

/** What one decoder, that is one transport session, may hold at most. */
export interface DecoderLimits {
  /** Observation domains; messages of further ones are refused and counted. Default 256. */
  readonly maxDomains: number;
  /** Templates and options templates of one observation domain; further ones are refused. Default 1,024. */
  readonly maxTemplatesPerDomain: number;
  /** Fields of one template; longer templates are refused. Default 1,024. */
  readonly maxFieldsPerTemplate: number;
  /** Fields of all templates together, about 150 octets of memory each; further templates are refused. Default 32,768. */
  readonly maxFieldsPerSession: number;
}

export const defaultDecoderLimits: DecoderLimits = {
  maxDomains: 256,
  maxTemplatesPerDomain: 1024,
  maxFieldsPerTemplate: 1024,
  maxFieldsPerSession: 32768,
};

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a limit that is not a positive integer. */
export function decoderLimits(given: Partial<DecoderLimits> = {}): DecoderLimits {
  const limits = { ...defaultDecoderLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new IpfixError('IPFIX_BAD_CONFIG', `limits.${name} is ${value}: give a positive integer`);
    }
  }
  return limits;
}

import { IpfixError } from '../ipfix-error.ts';
import { type Allowance, createAllowance } from './allowance.ts';

/**
 * What the decoders of many sessions may hold together, so that senders who make up sessions cannot multiply what one
 * of them may hold. The defaults come to some 250 MB.
 */
export interface DecoderBudgetConfig {
  /** Observation domains, some 3 KB of memory each. Default 16,384. */
  readonly maxDomains: number;
  /** Fields of templates, each template counted as 8 more, some 150 octets of memory each. Default 524,288. */
  readonly maxFields: number;
  /** Octets of data sets that wait for their template, each set counted as 128 more. Default 67,108,864. */
  readonly maxParkedBytes: number;
  /** Names, samplers and elements told by options data, some 300 octets of memory each. Default 262,144. */
  readonly maxLearnedNames: number;
}

export const defaultDecoderBudgetConfig: DecoderBudgetConfig = {
  maxDomains: 16_384,
  maxFields: 524_288,
  maxParkedBytes: 64 * 1024 * 1024,
  maxLearnedNames: 262_144,
};

/** Given to many decoders; each gives back what it took when it is closed. */
export interface DecoderBudget {
  readonly domains: Allowance;
  readonly fields: Allowance;
  readonly parkedBytes: Allowance;
  readonly names: Allowance;
}

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a limit that is not a positive integer */
export function createDecoderBudget(config: Partial<DecoderBudgetConfig> = {}): DecoderBudget {
  const limits = { ...defaultDecoderBudgetConfig, ...config };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is ${value}: give an integer of 1 or more`);
  }
  return {
    domains: createAllowance(limits.maxDomains),
    fields: createAllowance(limits.maxFields),
    parkedBytes: createAllowance(limits.maxParkedBytes),
    names: createAllowance(limits.maxLearnedNames),
  };
}

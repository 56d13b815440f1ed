import { IpfixError } from '../ipfix-error.ts';
import type { Allowance } from '../message/allowance.ts';
import { learnEntry } from '../options/learned-entries.ts';
import type { OptionsRecord } from '../options/options-record.ts';
import { samplingRateOf } from './sampling-rate.ts';

/** What is assumed of exporters about sampling. */
export interface SamplingConfig {
  /** The rate of records whose exporter tells none: of so many packets one is seen. Default 1. */
  readonly defaultRate?: number;
  /** The rate of all records, whatever their exporter tells; for exporters that tell it wrongly. */
  readonly fixedRate?: number;
}

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a rate below 1 */
export function samplingConfig(config: SamplingConfig = {}): SamplingConfig {
  for (const [name, rate] of Object.entries(config)) {
    if (rate === undefined || (rate >= 1 && Number.isFinite(rate))) continue;
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      `sampling.${name} is ${rate}: give 1 or more, as 1000 for 1 of 1,000`,
    );
  }
  return config;
}

/** The sampling rates that an exporter has told, of one observation domain. */
export interface SamplingRates {
  /** @returns whether the record tells a rate */
  learn(record: OptionsRecord): boolean;
  /**
   * The rate of a record: that of its sampler or selector, of its ingress interface, or of the whole domain.
   *
   * @param told the rate that the record or its message header tells itself; below 1: none
   * @param selector `samplerId` or `selectorId` of the record, -1 where it has none
   * @param ingressInterface of the record, -1 where it has none
   */
  rate(told: number, selector: number, ingressInterface: number): number;
}

export function createSamplingRates(config: SamplingConfig, entriesLeft: Allowance): SamplingRates {
  const { defaultRate = 1, fixedRate } = config;
  const bySelector = new Map<number, number>();
  const byInterface = new Map<number, number>();
  let ofDomain: number | undefined;

  return {
    learn(record) {
      const rate = samplingRateOf(record);
      if (rate === undefined) return false;
      const selector = record.selectorId ?? record.samplerId;
      if (selector !== null) learnEntry(bySelector, selector, rate, entriesLeft);
      else if (record.ingressInterface !== null)
        learnEntry(byInterface, record.ingressInterface, rate, entriesLeft);
      else ofDomain = rate;
      return true;
    },
    rate(told, selector, ingressInterface) {
      if (fixedRate !== undefined) return fixedRate;
      if (told >= 1) return told;
      return bySelector.get(selector) ?? byInterface.get(ingressInterface) ?? ofDomain ?? defaultRate;
    },
  };
}

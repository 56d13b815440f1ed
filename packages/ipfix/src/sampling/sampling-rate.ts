import type { OptionsRecord } from '../options/options-record.ts';

type SamplingFields = Pick<
  OptionsRecord,
  | 'samplingInterval'
  | 'samplerRandomInterval'
  | 'samplingPacketInterval'
  | 'samplingPacketSpace'
  | 'samplingTimeInterval'
  | 'samplingTimeSpace'
  | 'samplingSize'
  | 'samplingPopulation'
  | 'samplingProbability'
>;

/** Of so many packets, one is seen: what a counter is multiplied with to estimate the traffic. */
const share = (seen: number | null, passed: number | null): number | undefined =>
  seen !== null && passed !== null && seen > 0 && passed >= seen ? passed / seen : undefined;

const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);

/**
 * The sampling rate that a record tells, in whichever way: 1 of N (elements 34 and 50 of NetFlow), N packets seen and
 * M passed over (305, 306), the same in microseconds (307, 308), n of N (309, 310), or a probability (311); RFC 5477
 * section 8.2. At least 1; undefined where it tells none.
 */
export function samplingRateOf(record: SamplingFields): number | undefined {
  const { samplingPacketInterval, samplingTimeInterval } = record;
  return (
    share(1, record.samplingInterval) ??
    share(1, record.samplerRandomInterval) ??
    share(samplingPacketInterval, sum(samplingPacketInterval, record.samplingPacketSpace)) ??
    share(record.samplingSize, record.samplingPopulation) ??
    share(record.samplingProbability, record.samplingProbability === null ? null : 1) ??
    share(samplingTimeInterval, sum(samplingTimeInterval, record.samplingTimeSpace))
  );
}

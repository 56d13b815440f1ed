import type { Template } from '../message/template.ts';
import { sourceName } from '../record/derived-value.ts';

const samplingInterval = 34;
const samplerId = 48;
const selectorId = 302;
const ingressInterface = 10;

/** Counters that sampling makes smaller: those of packets and octets, of IANA and their reverse ones. */
const sampledCounters: ReadonlySet<number> = new Set([1, 2, 23, 24, 85, 86, 231, 232, 298, 299, 352]);

const reversePen = 29305;

/** Whether the field counts packets or octets of a flow as they were sampled. */
export const isSampledCounter = ({ pen, id }: { readonly pen: number; readonly id: number }): boolean =>
  (pen === 0 || pen === reversePen) && sampledCounters.has(id);

/** Whether the records tell their sampling rate themselves. */
export const hasSamplingRate = ({ fields }: Template): boolean =>
  fields.some(({ pen, id }) => pen === 0 && id === samplingInterval);

/** Expression of a record's sampling rate, and the fields that it is made of. */
export function samplingRateCode({ version, fields }: Template): {
  readonly code: string;
  readonly sources: readonly number[];
} {
  const indexOf = (...ids: readonly number[]) =>
    fields.findIndex(({ pen, id, length }) => pen === 0 && ids.includes(id) && length >= 1 && length <= 8);
  const told = indexOf(samplingInterval);
  const selector = indexOf(selectorId, samplerId);
  const ingress = indexOf(ingressInterface);
  const value = (index: number, otherwise: string) => (index < 0 ? otherwise : sourceName(index));
  const inHeader = version === 5 ? 'header.sampling & 0x3fff' : '0';
  return {
    code: `header.knowledge.sampling.rate(${value(told, inHeader)}, ${value(selector, '-1')}, ${value(ingress, '-1')})`,
    sources: [told, selector, ingress].filter((index) => index >= 0),
  };
}

import { IpfixError } from '../ipfix-error.ts';
import type { RecordReader } from '../message/record-reader.ts';
import { ipv4Text } from '../record/address-text.ts';
import type { FieldSelection } from '../record/field-selection.ts';
import type { FieldValue } from '../record/field-value.ts';
import { createObjectReader } from '../record/object-reader.ts';
import { createSpaceSaving } from './space-saving.ts';
import { type TopKey, topKey } from './top-keys.ts';

export type TopOrder = 'octets' | 'packets' | 'flows';

export interface TopStatisticsConfig {
  /**
   * What flows are grouped by: `src`, `dst`, `srcport`, `dstport`, `proto`, `srcas`, `dstas`, `inif`, `outif`,
   * `tos`, `flags`, `srcvlan`, `dstvlan`, `nexthop`, or names of elements.
   */
  readonly by: readonly string[];
  /** Default `octets`. */
  readonly order?: TopOrder;
  /** `scaled`: octets and packets are estimates, the counters times the sampling rate. Default `raw`. */
  readonly counts?: 'raw' | 'scaled';
  /** Rows given; default 10. */
  readonly limit?: number;
  /**
   * Groups kept, 1 to 10 million; default 262,144. Up to this many groups are exact; beyond, see
   * {@link TopRow.overcount}. A group costs some 300 octets and its key.
   */
  readonly maxGroups?: number;
}

/** One group of flows. */
export interface TopRow {
  /** In the order of `by`; null where the records lack the field. */
  readonly key: readonly (FieldValue | null)[];
  readonly octets: number;
  readonly packets: number;
  readonly flows: number;
  /**
   * The number that the rows are ordered by may be too high by up to this much, and the other two too low, because
   * there were more groups than are kept; 0 where all are exact. Every group with more than the total divided by
   * `maxGroups` is kept for certain.
   */
  readonly overcount: number;
}

export interface TopTotals {
  readonly octets: number;
  readonly packets: number;
  readonly flows: number;
  /** Data records that have none of the fields of `by`; not in the other totals. */
  readonly recordsWithoutKey: number;
  readonly groups: number;
  /** Groups that were given up for others. */
  readonly replacedGroups: number;
}

/** Finds the groups of flows with the most octets, packets or flows. */
export interface TopStatistics {
  /** Give it to the decoders. */
  readonly reader: RecordReader;
  /** The rows so far, the largest first. */
  rows(): TopRow[];
  totals(): TopTotals;
}

/** A value as groups are told apart by; an IPv4 address is in a box, so that no other number looks like it. */
type KeyPart = FieldValue | null | { readonly ipv4: number };

interface Sums {
  readonly parts: readonly KeyPart[];
  octets: number;
  packets: number;
  flows: number;
}

const counters: readonly FieldSelection[] = [
  {
    name: 'octets',
    elements: [
      { pen: 0, id: 1 },
      { pen: 0, id: 85 },
    ],
    as: 'number',
  },
  {
    name: 'packets',
    elements: [
      { pen: 0, id: 2 },
      { pen: 0, id: 86 },
    ],
    as: 'number',
  },
  { name: 'flows', elements: [{ pen: 0, id: 3 }], as: 'number' },
];

/** @throws IpfixError `IPFIX_BAD_CONFIG` */
export function createTopStatistics(config: TopStatisticsConfig): TopStatistics {
  const { by, order = 'octets', counts = 'raw', limit = 10, maxGroups = 262_144 } = config;
  if (by.length === 0) throw new IpfixError('IPFIX_BAD_CONFIG', 'by is empty: say what flows are grouped by');
  if (!(Number.isInteger(maxGroups) && maxGroups >= 1 && maxGroups <= 10_000_000)) {
    throw new IpfixError('IPFIX_BAD_CONFIG', `maxGroups is ${maxGroups}: give 1 to 10,000,000`);
  }
  const keys = by.map(topKey);
  const counted =
    counts === 'raw' ? counters : counters.map((field) => ({ ...field, as: 'scaled' as const }));
  const top = createSpaceSaving<Sums>(maxGroups);
  const total = { octets: 0, packets: 0, flows: 0, recordsWithoutKey: 0 };

  type Flow = Readonly<Record<string, FieldValue | null>> & {
    readonly [name in TopOrder]: number | null;
  };

  function partOf(flow: Flow, { ipv4, other }: TopKey): KeyPart {
    const address = flow[ipv4.name];
    return typeof address === 'number' ? { ipv4: address } : flow[other.name];
  }

  /** What tells groups apart: the value itself where one is plain, else a text; undefined where there is none. */
  function groupKey(flow: Flow): string | number | bigint | undefined {
    if (keys.length === 1) {
      // One name stands for addresses or for something else, so that their integers do not meet.
      const address = flow[keys[0].ipv4.name];
      // As a signed integer it needs no object of its own.
      if (typeof address === 'number') return address | 0;
      const value = flow[keys[0].other.name];
      if (value === null) return undefined;
      return typeof value === 'boolean' || value instanceof Uint8Array || Array.isArray(value)
        ? partText(value)
        : (value as string | number | bigint);
    }
    const parts = keys.map((key) => partOf(flow, key));
    return parts.every((part) => part === null) ? undefined : parts.map(partText).join('\n');
  }

  function count(flow: Flow): void {
    const key = groupKey(flow);
    if (key === undefined) {
      total.recordsWithoutKey++;
      return;
    }
    const octets = flow.octets ?? 0;
    const packets = flow.packets ?? 0;
    // A record may stand for several flows (deltaFlowCount).
    const flows = flow.flows ?? 1;
    const weight = order === 'octets' ? octets : order === 'packets' ? packets : flows;
    const { value } = top.add(key, weight, () => ({
      parts: keys.map((selection) => partOf(flow, selection)),
      octets: 0,
      packets: 0,
      flows: 0,
    }));
    value.octets += octets;
    value.packets += packets;
    value.flows += flows;
    total.octets += octets;
    total.packets += packets;
    total.flows += flows;
  }

  return {
    reader: createObjectReader(
      { fields: [...keys.flatMap(({ ipv4, other }) => [ipv4, other]), ...counted] },
      { onRecord: (record) => count(record as Flow) },
    ),
    rows() {
      const groups = [...top.groups()].sort((a, b) => b.weight - a.weight).slice(0, limit);
      return groups.map(({ value: { parts, ...sums }, weight, overcount }) => ({
        key: parts.map(partValue),
        ...sums,
        [order]: weight,
        overcount,
      }));
    },
    totals: () => ({ ...total, groups: top.size, replacedGroups: top.replaced }),
  };
}

const isIpv4 = (part: KeyPart): part is { readonly ipv4: number } =>
  typeof part === 'object' && part !== null && 'ipv4' in part;

const partValue = (part: KeyPart): FieldValue | null => (isIpv4(part) ? ipv4Text(part.ipv4) : part);

function partText(part: KeyPart): string {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
  return isIpv4(part) ? `ipv4 ${part.ipv4}` : `${typeof part} ${part}`;
}

/**
 * Reads `src,octets` or `src,dst,dstport,flows`: names of what flows are grouped by, then what they are ordered
 * by, which may be left out.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for a name that is not known
 */
export function parseTop(text: string): Pick<TopStatisticsConfig, 'by' | 'order'> {
  const names = text.split(',').map((name) => name.trim());
  const last = names[names.length - 1];
  const order = last === 'octets' || last === 'packets' || last === 'flows' ? last : undefined;
  const by = order === undefined ? names : names.slice(0, -1);
  for (const name of by) topKey(name);
  if (by.length === 0)
    throw new IpfixError('IPFIX_BAD_CONFIG', `${text}: say what flows are grouped by: src,${text}`);
  return { by, order };
}

import { IpfixError } from '../ipfix-error.ts';
import type { RecordReader } from '../message/record-reader.ts';
import type { FieldSelection } from '../record/field-selection.ts';
import type { FieldValue } from '../record/field-value.ts';
import { createObjectReader } from '../record/object-reader.ts';
import { createSpaceSaving } from './space-saving.ts';
import { topKey } from './top-keys.ts';

export type TopOrder = 'octets' | 'packets' | 'flows';

export interface TopStatisticsConfig {
  /**
   * What flows are grouped by: `src`, `dst`, `srcport`, `dstport`, `proto`, `srcas`, `dstas`, `inif`, `outif`,
   * `tos`, `flags`, `srcvlan`, `dstvlan`, `nexthop`, or names of elements.
   */
  readonly by: readonly string[];
  /** Default `octets`. */
  readonly order?: TopOrder;
  /** Rows given; default 10. */
  readonly limit?: number;
  /**
   * Groups kept, 1 to 10 million; default 262,144. Up to this many groups are exact; beyond, see
   * {@link TopRow.overcount}. A group costs some 200 octets and its key.
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

interface Sums {
  readonly key: readonly (FieldValue | null)[];
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
  const { by, order = 'octets', limit = 10, maxGroups = 262_144 } = config;
  if (by.length === 0) throw new IpfixError('IPFIX_BAD_CONFIG', 'by is empty: say what flows are grouped by');
  if (!(Number.isInteger(maxGroups) && maxGroups >= 1 && maxGroups <= 10_000_000)) {
    throw new IpfixError('IPFIX_BAD_CONFIG', `maxGroups is ${maxGroups}: give 1 to 10,000,000`);
  }
  const keys = by.map(topKey);
  const names = keys.map(({ name }) => name);
  const top = createSpaceSaving<Sums>(maxGroups);
  const total = { octets: 0, packets: 0, flows: 0, recordsWithoutKey: 0 };

  type Flow = Readonly<Record<string, FieldValue | null>> & {
    readonly [name in TopOrder]: number | null;
  };

  function count(flow: Flow): void {
    const key = names.map((name) => flow[name]);
    if (key.every((value) => value === null)) {
      total.recordsWithoutKey++;
      return;
    }
    // A record may stand for several flows (deltaFlowCount).
    const { octets, packets, flows } = flow;
    const amounts = { octets: octets ?? 0, packets: packets ?? 0, flows: flows ?? 1 };
    const group = top.add(groupKey(key), amounts[order], () => ({ key, octets: 0, packets: 0, flows: 0 }));
    for (const sums of [group.value, total]) {
      sums.octets += amounts.octets;
      sums.packets += amounts.packets;
      sums.flows += amounts.flows;
    }
  }

  return {
    reader: createObjectReader(
      { fields: [...keys, ...counters] },
      { onRecord: (record) => count(record as Flow) },
    ),
    rows() {
      const groups = [...top.groups()].sort((a, b) => b.weight - a.weight).slice(0, limit);
      return groups.map(({ value, weight, overcount }) => ({ ...value, [order]: weight, overcount }));
    },
    totals() {
      const groups = [...top.groups()].length;
      return { ...total, groups, replacedGroups: top.replaced };
    },
  };
}

/** What tells groups apart: the value itself where there is one and it is plain, else a text. */
function groupKey(key: readonly (FieldValue | null)[]): string | number | bigint {
  const [first] = key;
  if (key.length === 1 && first !== null && typeof first !== 'boolean' && !(first instanceof Uint8Array)) {
    return first;
  }
  return key
    .map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : `${typeof value} ${value}`,
    )
    .join('\n');
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

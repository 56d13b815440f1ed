import type { FlowColumn } from '@flowpact/event';
import { columnOfWord, columnWord } from '../model/flow-columns.ts';
import { isList, type Json, type JsonRecord, present, sameJson } from '../model/message-json.ts';
import { columnsOf, endpointOf, hostOf, protocolOf, rowsOf, valuesOf } from './read-stix-traffic.ts';
import { extensionId } from './stix-definitions.ts';
import { isObject, type StixReading } from './stix-reading.ts';

/** What the observed data of a message says. */
export interface StixEvidence {
  readonly sources: readonly JsonRecord[];
  readonly targets: readonly JsonRecord[];
  readonly totals: { readonly flows?: Json; readonly packets?: Json; readonly octets?: Json };
  /** A flow table in JSON form. */
  readonly flows: Json | undefined;
}

interface ReadGroup {
  readonly columns: readonly FlowColumn[];
  readonly relation?: string | undefined;
  readonly rows: readonly Json[];
}

/**
 * Observed data with columns of ours are groups of flows. Traffic elsewhere tells who took part; it is a group of flows
 * too where it is several flows or has fields of IPFIX, and the totals of the event where it is one flow.
 */
export function readEvidence(main: JsonRecord, reading: StixReading): StixEvidence {
  const observed =
    main.type === 'observed-data'
      ? [main]
      : reading.findAll(reading.texts(main, 'observed_data_refs'), 'observed-data');
  const domains = domainsByAddress(reading);
  const sources = new Set<string>();
  const targets = new Set<string>();
  const groups: ReadGroup[] = [];
  let totals: StixEvidence['totals'] = {};
  for (const data of observed) {
    const common = ['first_observed', 'last_observed', 'number_observed', 'object_marking_refs'];
    if (data !== main) for (const key of common) reading.value(data, key);
    const objects = objectsOf(data, reading);
    const extension = reading.extension(data, extensionId);
    const columns = extension && reading.field(extension, 'flow_columns', columnsOf);
    const traffic = objects.filter(({ type }) => type === 'network-traffic');
    if (extension !== undefined && columns !== undefined) {
      groups.push({
        columns,
        relation: reading.text(extension, 'relation'),
        rows: rowsOf(traffic, columns, reading),
      });
      continue;
    }
    for (const object of traffic) {
      const protocol = protocolOf(object, reading);
      const source = endpointOf(object, 'src', protocol, domains, reading);
      const target = endpointOf(object, 'dst', protocol, domains, reading);
      if (source !== undefined) sources.add(JSON.stringify(source));
      if (target !== undefined) targets.add(JSON.stringify(target));
    }
    for (const object of traffic.length > 0 ? [] : objects) {
      if (!/^(ipv[46]-addr|domain-name)$/.test(String(object.type))) continue;
      const host = present(hostOf(object, domains, reading));
      if (host !== undefined) sources.add(JSON.stringify(host));
    }
    if (traffic.some(isFlow)) groups.push(foreignGroup(traffic, reading));
    else if (traffic.length === 1) {
      const count = (key: string) => reading.whole(traffic[0], key, Number.MAX_SAFE_INTEGER);
      totals = { packets: count('src_packets'), octets: count('src_byte_count') } as typeof totals;
    }
    if (data === main) {
      const count = reading.whole(main, 'number_observed', Number.MAX_SAFE_INTEGER);
      totals = { ...totals, flows: count } as typeof totals;
    }
  }
  const parsed = (texts: ReadonlySet<string>) => [...texts].map((text) => JSON.parse(text) as JsonRecord);
  return { sources: parsed(sources), targets: parsed(targets), totals, flows: flowTable(groups) };
}

function isFlow(traffic: JsonRecord): boolean {
  return ['start', 'ipfix', 'dst_packets', 'dst_byte_count'].some((key) => traffic[key] !== undefined);
}

/** The objects that were observed, visited; those of STIX 2.0 are within, with references of their own. */
function objectsOf(data: JsonRecord, reading: StixReading): readonly JsonRecord[] {
  const within = reading.value(data, 'objects');
  const found = reading.findAll(reading.texts(data, 'object_refs'));
  if (!isObject(within ?? null)) return found;
  const entries = Object.entries(within as JsonRecord).filter((entry) => isObject(entry[1]));
  for (const [key, object] of entries) reading.add(key, object as JsonRecord);
  return [...found, ...entries.map(([, object]) => reading.visit(object as JsonRecord))];
}

/** Domain names by the identifiers of the addresses that they resolve to. */
function domainsByAddress(reading: StixReading): ReadonlyMap<string, JsonRecord> {
  const domains = new Map<string, JsonRecord>();
  for (const domain of reading.ofType('domain-name')) {
    const { resolves_to_refs: ids = [] } = domain;
    for (const id of isList(ids) ? ids : []) {
      if (typeof id === 'string' && !domains.has(id)) domains.set(id, domain);
    }
  }
  return domains;
}

/** Of traffic from elsewhere: the columns are those that any of the flows has. */
function foreignGroup(traffic: readonly JsonRecord[], reading: StixReading): ReadGroup {
  const rows = traffic.map((object) => new Map(valuesOf(object, undefined, undefined, reading)));
  const words = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const columns = words.map((word): FlowColumn => columnOfWord(word) ?? { kind: 'named', name: word });
  return { columns, rows: rows.map((row) => words.map((word) => row.get(word) ?? null)) };
}

/** The first group gives the table its columns; another one has its own where they differ. */
function flowTable(groups: readonly ReadGroup[]): Json | undefined {
  if (groups.length === 0) return undefined;
  const columnsJson = (columns: readonly FlowColumn[]): Json =>
    columns.map((column): Json => ({ ...column }));
  const common = columnsJson(groups[0].columns);
  return {
    layout: { columns: common },
    groups: groups.map(({ columns, relation, rows }): Json => {
      const isCommon = columns.map(columnWord).join() === groups[0].columns.map(columnWord).join();
      const own = columnsJson(columns);
      return {
        ...present({
          relation,
          layout: isCommon || sameJson(own, common) ? undefined : { columns: own },
        }),
        rows,
      };
    }),
  };
}

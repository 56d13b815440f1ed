import type { IndexTemplate } from '../send/index-template.ts';
import { indexWildcard } from './bulk-entry.ts';
import type { DocumentFormat } from './document-formats.ts';

const keyword = { type: 'keyword', ignore_above: 1024 } as const;
const date = { type: 'date' } as const;
const ip = { type: 'ip', ignore_malformed: true } as const;
const count = { type: 'long', ignore_malformed: true } as const;
const text = { type: 'text' } as const;

const stringsAreKeywords = {
  strings: { match_mapping_type: 'string', mapping: keyword },
} as const;

const endpointFields = {
  properties: {
    address: ip,
    name: keyword,
    role: keyword,
    protocol: { type: 'short' },
    asn: { type: 'long' },
  },
} as const;

/** A native event. The flows are kept and not searched: a flow table has values of many types in one column. */
const nativeEventMappings = {
  dynamic_templates: [stringsAreKeywords],
  properties: {
    '@timestamp': date,
    startMs: date,
    endMs: date,
    text,
    flows: { type: 'object', enabled: false },
    additional: { type: 'object', enabled: false },
    sources: endpointFields,
    targets: endpointFields,
    totals: {
      properties: {
        flows: count,
        packets: count,
        octets: count,
        packetsPerSecond: count,
        bitsPerSecond: count,
      },
    },
  },
} as const;

/** A native row: what its columns are called is the statement's business. */
const nativeRowMappings = {
  dynamic_templates: [stringsAreKeywords],
  properties: { '@timestamp': date, time: date, module: keyword, statement: keyword },
} as const;

const sideFields = {
  properties: {
    ip,
    address: keyword,
    domain: keyword,
    port: { type: 'long' },
    as: { properties: { number: { type: 'long' } } },
  },
} as const;

const ecsMappings = {
  dynamic_templates: [stringsAreKeywords],
  properties: {
    '@timestamp': date,
    message: text,
    event: {
      properties: { start: date, end: date, duration: { type: 'long' }, severity: { type: 'long' } },
    },
    source: sideFields,
    destination: sideFields,
    related: { properties: { ip } },
    network: { properties: { packets: { type: 'long' }, bytes: { type: 'long' } } },
  },
} as const;

/**
 * A row as FlowCEP's users have it: text with `.keyword` below it, which is what their dashboards ask for, and what
 * Elasticsearch makes of strings by itself.
 */
const rowMappings = { properties: { '@timestamp': date, timestamp: date } } as const;

/** The templates for what an output sends, one for events and one for detections where it sends both. */
export function indexTemplates(
  pattern: string,
  { what, format }: { readonly what: 'events' | 'detections' | 'both'; readonly format: DocumentFormat },
): readonly IndexTemplate[] {
  const kinds = what === 'both' ? (['events', 'detections'] as const) : [what];
  return kinds.map((kind) => {
    const wildcard = indexWildcard(pattern, kind);
    const mappings =
      kind === 'events'
        ? format === 'ecs'
          ? ecsMappings
          : nativeEventMappings
        : format === 'flowcep'
          ? rowMappings
          : nativeRowMappings;
    return {
      name: templateName(wildcard),
      body: {
        index_patterns: [wildcard],
        // Above those that come with Elasticsearch, which have 100 at most.
        priority: 200,
        version: 1,
        template: { mappings },
      },
    };
  });
}

/** `flowpact-events-*` is `flowpact-events`, `logstash-*` is `flowpact-logstash`. */
function templateName(wildcard: string): string {
  const stem = wildcard.replaceAll('*', '').replace(/[._-]+$/, '');
  return stem.startsWith('flowpact') ? stem : `flowpact-${stem}`;
}

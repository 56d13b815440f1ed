import { createHash } from 'node:crypto';
import { sliceName } from '@flowpact/ipfix';
import type { FindingDocument } from './finding-document.ts';

/**
 * The two lines of a bulk request that create a document.
 *
 * Its `_id` is made of what it says, so that the same finding, sent again or found again, is one document: module,
 * statement, time, which of several rows of one moment it is, and the text.
 *
 * @param pattern name of the index, with `%Y %m %d %H` of the document's time (UTC) and `{what}`
 */
export function bulkEntry(document: FindingDocument, pattern: string): string {
  const { kind, module, statement, timeMs, ordinal, json } = document;
  const index = indexName(pattern, kind === 'event' ? 'events' : 'detections', timeMs);
  const id = createHash('sha256')
    .update(JSON.stringify([module, statement, timeMs, ordinal]))
    .update(json)
    .digest('base64url')
    .slice(0, 27);
  return `${JSON.stringify({ create: { _index: index, _id: id } })}\n${plainIntegers(withTimestamp(json, timeMs))}`;
}

export const indexName = (pattern: string, what: 'events' | 'detections', timeMs: number) =>
  sliceName(pattern.replaceAll('{what}', what), timeMs);

/** The index names that a pattern makes, as Elasticsearch's wildcards say it. */
export const indexWildcard = (pattern: string, what: 'events' | 'detections') =>
  pattern.replaceAll('{what}', what).replace(/(?:%[A-Za-z][._-]?)+/g, '*');

/**
 * Integers beyond 2^53-1 as decimal text, which a field of type `long` takes, instead of the object that they are in an
 * event's JSON. Within a string of JSON the quotes would be escaped.
 */
const plainIntegers = (json: string) => json.replace(/\{"\$integer":"(-?[0-9]+)"\}/g, '"$1"');

/** Kibana orders by `@timestamp`. */
const withTimestamp = (json: string, timeMs: number) =>
  json.startsWith('{"@timestamp"')
    ? json
    : `{"@timestamp":"${new Date(timeMs).toISOString()}",${json.slice(1)}`;

import { type Severity, severities, type Tlp } from '@flowpact/event';
import type { JsonReading } from '../json/json-reading.ts';
import type { Json } from '../model/message-json.ts';

/** What the tags of a report say, `namespace:predicate`. */
export interface Xarf4Tags {
  readonly tlp: Tlp | undefined;
  readonly severity: Severity | undefined;
  readonly classifications: readonly Json[];
}

const tlpTags: ReadonlyMap<string, Tlp> = new Map([
  ['clear', 'clear'],
  ['white', 'clear'],
  ['green', 'green'],
  ['amber', 'amber'],
  ['amber+strict', 'amberStrict'],
  ['red', 'red'],
]);

/** The first label and the first severity; every other tag is a classification. */
export function tagsOf(tags: readonly string[], reading: JsonReading): Xarf4Tags {
  let tlp: Tlp | undefined;
  let severity: Severity | undefined;
  const classifications: Json[] = [];
  for (const tag of tags) {
    const colon = tag.indexOf(':');
    const [scheme, value] = [tag.slice(0, colon), tag.slice(colon + 1)];
    const named = scheme === 'severity' ? severities.find((word) => word === value) : undefined;
    if (scheme === 'tlp' && tlp === undefined && tlpTags.has(value)) tlp = tlpTags.get(value);
    else if (named !== undefined && severity === undefined) severity = named;
    else if (colon > 0) classifications.push({ scheme, value });
    else reading.lose('tags', 'dropped', `not namespace:predicate: ${tag.slice(0, 60)}`);
  }
  return { tlp, severity, classifications };
}

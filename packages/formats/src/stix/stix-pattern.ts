import type { Endpoint, SecurityEvent } from '@flowpact/event';
import { isDomainName } from './stix-observables.ts';

/** More alternatives than this are not a pattern that anybody wants to match. */
const maxAlternatives = 64;

/**
 * STIX patterning (STIX 2.1, section 9) for traffic of the event, from one of its sources to one of its targets.
 * Undefined where the hosts to blame are not known: what merely reaches a victim indicates nothing. To blame are the
 * sources, and the targets of what talks to its command and control. A forged source says nothing, and a side of more
 * than 64 endpoints is not in the pattern.
 */
export function patternOf({ type, sources = [], targets = [] }: SecurityEvent): string | undefined {
  const from = alternatives(sources, 'src');
  const to = alternatives(targets, 'dst');
  const toBlame = type === 'cuC' ? to : from;
  return toBlame === '' ? undefined : `[${[from, to].filter((side) => side !== '').join(' AND ')}]`;
}

function alternatives(endpoints: readonly Endpoint[], side: 'src' | 'dst'): string {
  const terms = endpoints.map((endpoint) => term(endpoint, side));
  const isWhole = terms.length <= maxAlternatives && terms.every((text) => text !== undefined);
  if (terms.length === 0 || !isWhole) return '';
  return terms.length === 1 ? (terms[0] as string) : `(${terms.map((text) => `(${text})`).join(' OR ')})`;
}

function term(
  { address, prefixLength, name, ports = [], spoofed }: Endpoint,
  side: 'src' | 'dst',
): string | undefined {
  if (spoofed === true) return undefined;
  const port = ports.length === 1 && ports[0].high === undefined ? ports[0].low : undefined;
  const suffix = port === undefined ? '' : ` AND network-traffic:${side}_port = ${port}`;
  const value = `network-traffic:${side}_ref.value`;
  if (address !== undefined && prefixLength !== undefined) {
    return `${value} ISSUBSET '${address}/${prefixLength}'${suffix}`;
  }
  if (address !== undefined) return `${value} = '${address}'${suffix}`;
  return name !== undefined && isDomainName(name) ? `${value} = '${name}'${suffix}` : undefined;
}

/** An address or a name that a pattern compares with. */
export interface PatternValue {
  readonly side: 'source' | 'target';
  readonly text: string;
}

const comparison =
  /(?:(network-traffic:(src|dst)_ref\.value)|((?:ipv4-addr|ipv6-addr|domain-name):value))\s*(?:=|ISSUBSET)\s*'([^'\\]{1,255})'/g;

/** The hosts that a pattern from anywhere names: an address alone is taken for a source, as indicators mean it. */
export function valuesOfPattern(pattern: string): readonly PatternValue[] {
  return [...pattern.matchAll(comparison)].map(([, , side, , text]) => ({
    side: side === 'dst' ? 'target' : 'source',
    text,
  }));
}

import { type EventType, eventTypes } from './vocabulary.ts';

/** Taxonomies of incidents by the scheme under which a classification names them. */
export const taxonomies = ['rsit', 'ecsirt'] as const;
export type Taxonomy = (typeof taxonomies)[number];

/**
 * Each type's class in the two taxonomies that European CSIRTs use, spelt as their machine tags are (predicate, colon,
 * value): the Reference Security Incident Taxonomy (ENISA, TF-CSIRT) and its forerunner, eCSIRT.net mkVI.
 */
export const taxonomyClasses: Readonly<Record<EventType, Readonly<Record<Taxonomy, string>>>> = {
  cuC: { rsit: 'malicious-code:c2-server', ecsirt: 'malicious-code:c&c' },
  dDoS: { rsit: 'availability:ddos', ecsirt: 'availability:ddos' },
  other: { rsit: 'other:other', ecsirt: 'other:other' },
  scan: { rsit: 'information-gathering:scanner', ecsirt: 'information-gathering:scanner' },
  bruteForce: { rsit: 'intrusion-attempts:brute-force', ecsirt: 'intrusion-attempts:brute-force' },
  spam: { rsit: 'abusive-content:spam', ecsirt: 'abusive-content:spam' },
  botInfection: { rsit: 'malicious-code:infected-system', ecsirt: 'malicious-code:botnet-drone' },
  amplifier: { rsit: 'vulnerable:ddos-amplifier', ecsirt: 'vulnerable:vulnerable-service' },
  dataExfiltration: {
    rsit: 'information-content-security:unauthorised-information-access',
    ecsirt: 'information-content-security:Unauthorised-information-access',
  },
};

/** The type whose class this is; undefined for other schemes and for classes that no type has. */
export function eventTypeOfClass(scheme: string, value: string): EventType | undefined {
  const taxonomy = taxonomies.find((name) => name === scheme.toLowerCase());
  if (taxonomy === undefined) return undefined;
  return eventTypes.find((type) => taxonomyClasses[type][taxonomy].toLowerCase() === value.toLowerCase());
}

import { type EventType, eventTypes } from '@flowpact/event';
import type { JsonRecord } from '../model/message-json.ts';
import { present } from '../model/message-json.ts';
import { objectId } from './stix-id.ts';

/** When these definitions were made: they are the same objects in every bundle. */
export const definedAt = '2026-01-01T00:00:00.000Z';

const flowpactIdentityId = objectId('identity', 'urn:flowpact');

/** Who defines the extension and the attack patterns below. */
export const flowpactIdentity: JsonRecord = {
  type: 'identity',
  spec_version: '2.1',
  id: flowpactIdentityId,
  created: definedAt,
  modified: definedAt,
  name: 'Flowpact',
  identity_class: 'system',
};

/** The key of ours in `extensions`. */
export const extensionId = 'extension-definition--e4b92863-3bab-4bd4-9e4a-9ee51a04f187';

/** STIX 2.1, section 7.3: what a bundle has of ours is said in the bundle. */
export const extensionDefinition: JsonRecord = {
  type: 'extension-definition',
  spec_version: '2.1',
  id: extensionId,
  created_by_ref: flowpactIdentityId,
  created: definedAt,
  modified: definedAt,
  name: 'Flowpact',
  description:
    'What a message about a security event says and STIX has no property for, and the columns of flows.',
  schema:
    'sighting: fields, a list of {path, json}: a field of the message and its value as JSON text. observed-data: ' +
    'flow_columns, the columns of its network-traffic objects in their order; relation, why the flows belong together. ' +
    'network-traffic: values, a list of {column, json}: values that are no integer and no text; repeat, a number that ' +
    'tells flows apart that are alike in everything that makes their identifiers; row_length, where the last values are ' +
    'missing.',
  version: '1.0.0',
  extension_types: ['property-extension'],
};

interface AttackPattern {
  readonly name: string;
  /** Technique of MITRE ATT&CK. */
  readonly technique?: string;
}

const attackPatterns: Readonly<Record<EventType, AttackPattern>> = {
  cuC: { name: 'Command and control', technique: 'T1071' },
  dDoS: { name: 'Distributed denial of service', technique: 'T1498' },
  other: { name: 'Suspicious network activity' },
  scan: { name: 'Scanning', technique: 'T1046' },
  bruteForce: { name: 'Brute force', technique: 'T1110' },
  spam: { name: 'Spam' },
  botInfection: { name: 'Bot infection' },
  amplifier: { name: 'Reflection amplification', technique: 'T1498.002' },
  dataExfiltration: { name: 'Data exfiltration', technique: 'T1048' },
};

const attackPatternIds: ReadonlyMap<string, EventType> = new Map(
  eventTypes.map((type) => [objectId('attack-pattern', type), type]),
);

/** What the sender's detection is of: the same object for all events of a type. */
export function attackPattern(type: EventType): JsonRecord {
  const { name, technique } = attackPatterns[type];
  return present({
    type: 'attack-pattern',
    spec_version: '2.1',
    id: objectId('attack-pattern', type),
    created_by_ref: flowpactIdentityId,
    created: definedAt,
    modified: definedAt,
    name,
    external_references:
      technique === undefined
        ? undefined
        : [
            {
              source_name: 'mitre-attack',
              url: `https://attack.mitre.org/techniques/${technique.replace('.', '/')}`,
              external_id: technique,
            },
          ],
  }) as JsonRecord;
}

export function typeOfAttackPattern(id: string): EventType | undefined {
  return attackPatternIds.get(id);
}

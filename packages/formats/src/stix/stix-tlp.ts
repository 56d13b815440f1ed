import type { Tlp } from '@flowpact/event';
import type { JsonRecord } from '../model/message-json.ts';

/** The extension with which OASIS says TLP 2.0 in STIX 2.1. */
const tlpExtension = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';

/** The identifiers that OASIS has published: a marking must never get another one. */
const markings: Readonly<Record<Tlp, { readonly uuid: string; readonly word: string }>> = {
  clear: { uuid: '94868c89-83c2-464b-929b-a1a8aa3c8487', word: 'clear' },
  green: { uuid: 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb', word: 'green' },
  amber: { uuid: '55d920b0-5e8b-4f79-9ee9-91f868d9b421', word: 'amber' },
  amberStrict: { uuid: '939a9414-2ddd-4d32-a0cd-375ea402b003', word: 'amber+strict' },
  red: { uuid: 'e828b379-4e03-4974-9ac4-e53a884c97c1', word: 'red' },
};

export function markingId(label: Tlp): string {
  return `marking-definition--${markings[label].uuid}`;
}

export function markingObject(label: Tlp): JsonRecord {
  const { word } = markings[label];
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: markingId(label),
    created: '2022-10-01T00:00:00.000Z',
    name: `TLP:${word.toUpperCase()}`,
    extensions: { [tlpExtension]: { extension_type: 'property-extension', tlp_2_0: word } },
  };
}

/** The labels of both versions by their published identifiers; TLP 1 from section 7.2.1.4 of STIX 2.1. */
const labels: ReadonlyMap<string, Tlp> = new Map<string, Tlp>([
  ...(Object.keys(markings) as Tlp[]).map((label): [string, Tlp] => [markingId(label), label]),
  ['marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9', 'clear'],
  ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da', 'green'],
  ['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82', 'amber'],
  ['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', 'red'],
]);

export function labelOfMarking(id: string): Tlp | undefined {
  return labels.get(id);
}

import type { FieldSelection } from '../record/field-selection.ts';

const number = (name: string, id: number): FieldSelection => ({
  name,
  elements: [{ pen: 0, id }],
  as: 'number',
});
const text = (name: string, id: number): FieldSelection => ({
  name,
  elements: [{ pen: 0, id }],
  as: 'native',
});

/** The elements of options records that say something about the exporter or its other records. */
export const optionsFields: readonly FieldSelection[] = [
  number('samplingInterval', 34),
  number('samplerId', 48),
  number('samplerRandomInterval', 50),
  number('selectorId', 302),
  number('samplingPacketInterval', 305),
  number('samplingPacketSpace', 306),
  number('samplingTimeInterval', 307),
  number('samplingTimeSpace', 308),
  number('samplingSize', 309),
  number('samplingPopulation', 310),
  number('samplingProbability', 311),
  number('systemInitTimeMilliseconds', 160),
  number('ingressInterface', 10),
  number('egressInterface', 14),
  text('interfaceName', 82),
  text('interfaceDescription', 83),
  { name: 'applicationId', elements: [{ pen: 0, id: 95 }], as: 'text' },
  text('applicationName', 96),
  text('observationDomainName', 300),
  number('informationElementId', 303),
  number('informationElementDataType', 339),
  text('informationElementName', 341),
  number('informationElementSemantics', 344),
  number('informationElementUnits', 345),
  number('privateEnterpriseNumber', 346),
];

/** An options record as {@link optionsFields} select it; null is what it lacks. */
export interface OptionsRecord {
  readonly samplingInterval: number | null;
  readonly samplerId: number | null;
  readonly samplerRandomInterval: number | null;
  readonly selectorId: number | null;
  readonly samplingPacketInterval: number | null;
  readonly samplingPacketSpace: number | null;
  readonly samplingTimeInterval: number | null;
  readonly samplingTimeSpace: number | null;
  readonly samplingSize: number | null;
  readonly samplingPopulation: number | null;
  readonly samplingProbability: number | null;
  readonly systemInitTimeMilliseconds: number | null;
  readonly ingressInterface: number | null;
  readonly egressInterface: number | null;
  readonly interfaceName: string | null;
  readonly interfaceDescription: string | null;
  /** Hexadecimal. */
  readonly applicationId: string | null;
  readonly applicationName: string | null;
  readonly observationDomainName: string | null;
  readonly informationElementId: number | null;
  readonly informationElementDataType: number | null;
  readonly informationElementName: string | null;
  readonly informationElementSemantics: number | null;
  readonly informationElementUnits: number | null;
  readonly privateEnterpriseNumber: number | null;
}

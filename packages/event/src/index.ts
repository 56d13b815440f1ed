export { type Endpoint, endpointSchema, type PortRange } from './endpoint.ts';
export { EventError, type EventErrorCode } from './event-error.ts';
export type {
  Anonymisation,
  FlowColumn,
  FlowGroup,
  FlowLayout,
  FlowRow,
  FlowTable,
  FlowValue,
  Sampling,
} from './flow-table.ts';
export { type Count, largestInteger, smallestInteger } from './integer.ts';
export { addressToOctets, octetsToAddress } from './ip-address.ts';
export { type IpPrefix, ipPrefixText, parseIpPrefix, prefixOfEndpoint, prefixOfOctets } from './ip-prefix.ts';
export { messageFromJson, securityEventFromJson, stringifyEvent } from './json.ts';
export {
  type Ask,
  type Conversation,
  type Message,
  type MessageRef,
  messageSchema,
  type Outcome,
  type Party,
  partySchema,
} from './message.ts';
export {
  type Classification,
  type Detector,
  type FlowSource,
  type Property,
  type SecurityEvent,
  securityEventSchema,
  type Totals,
} from './security-event.ts';
export { eventTypeOfClass, type Taxonomy, taxonomies, taxonomyClasses } from './taxonomy.ts';
export { parseMessage, parseSecurityEvent } from './validation.ts';
export {
  type Action,
  type AnonymisationTechnique,
  actions,
  anonymisationTechniques,
  type EventType,
  eventTypes,
  type FlowProtocol,
  flowProtocols,
  type MessageKind,
  messageKinds,
  type OutcomeStatus,
  outcomeStatuses,
  type SamplingAlgorithm,
  type Severity,
  samplingAlgorithms,
  severities,
  type Tlp,
  tlpLabels,
} from './vocabulary.ts';

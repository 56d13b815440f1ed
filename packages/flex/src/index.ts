export { FlexReal } from './der/flex-real.ts';
export type { FlexInteger } from './der/integer.ts';
export type { Extensible } from './der/sequence.ts';
export { UnknownElement } from './der/unknown-element.ts';
export { decodeFlexRecord, encodeFlexRecord } from './flex-codec.ts';
export { FlexError, type FlexErrorCode } from './flex-error.ts';
export { defaultFlexLimits, type FlexLimits } from './flex-limits.ts';
export { flexFileExtension, flexMediaType } from './flex-media-type.ts';
export type { FlexReading } from './flex-reading.ts';
export { type FlexTagging, flexTaggingOf } from './flex-tagging.ts';
export { defaultRelatedFlowColumns } from './listings/related-flow-columns.ts';
export { type ListingsLoss, restrictToListings } from './listings/restrict-to-listings.ts';
export { flexRecordFromMessage } from './mapping/message-to-record.ts';
export { messageFromFlexRecord } from './mapping/record-to-message.ts';
export {
  decodeMessage,
  encodeMessage,
  encodeMessageForListings,
  type RelatedFlows,
} from './message-codec.ts';
export type { CorrelatedFlows } from './module/correlated-flows.ts';
export type {
  Classification,
  Detection,
  Detector,
  Party,
  Property,
  Severity,
  Tlp,
  Totals,
} from './module/detection.ts';
export type { Endpoint, PortRange } from './module/endpoint.ts';
export type { Action, Ask, Exchange, MessageRef, Outcome, OutcomeStatus } from './module/exchange.ts';
export type { FieldType } from './module/field-type.ts';
export type { FieldValue } from './module/field-value.ts';
export type { FlexRecord } from './module/flex-record.ts';
export type {
  AnonTechnique,
  Anonymisation,
  FlowFieldTypes,
  Sampling,
  SamplingAlgorithm,
} from './module/flow-field-types.ts';
export type { FlowRow } from './module/flow-row.ts';
export type { EventType, FlowType, FlowVersion, MsgType, Settings } from './module/settings.ts';

/**
 * The closed word lists of the model, in the order and spelling of the FLEX module (`EventType`, `FlowType`,
 * `FlowVersion`, `Severity`, `Tlp`, `Action`, `OutcomeStatus`), so that a word means the same in every format.
 */
export const eventTypes = [
  'cuC',
  'dDoS',
  'other',
  'scan',
  'bruteForce',
  'spam',
  'botInfection',
  'amplifier',
  'dataExfiltration',
] as const;
export type EventType = (typeof eventTypes)[number];

/** How the flows were exported. */
export const flowProtocols = ['netflow', 'ipfix', 'sflow', 'other'] as const;
export type FlowProtocol = (typeof flowProtocols)[number];

/** Severity as FLEX and most ticket systems count it. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Traffic Light Protocol 2.0 (FIRST, 2022). */
export const tlpLabels = ['clear', 'green', 'amber', 'amberStrict', 'red'] as const;
export type Tlp = (typeof tlpLabels)[number];

/** What one network may ask of another. */
export const actions = [
  'moreFlows',
  'confirm',
  'block',
  'rateLimit',
  'blackhole',
  'redirect',
  'notifyCustomer',
  'stop',
] as const;
export type Action = (typeof actions)[number];

/** What a network answers. */
export const outcomeStatuses = [
  'received',
  'accepted',
  'rejected',
  'applied',
  'partial',
  'expired',
  'withdrawn',
  'falsePositive',
  'confirmed',
  'failed',
] as const;
export type OutcomeStatus = (typeof outcomeStatuses)[number];

export const messageKinds = ['alert', 'request', 'feedback'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** How addresses or values in the flows were made less telling; cf. RFC 6235, section 4. */
export const anonymisationTechniques = [
  'none',
  'precisionDegradation',
  'truncation',
  'prefixPreserving',
  'permutation',
] as const;
export type AnonymisationTechnique = (typeof anonymisationTechniques)[number];

export const samplingAlgorithms = ['none', 'deterministic', 'random', 'hash'] as const;
export type SamplingAlgorithm = (typeof samplingAlgorithms)[number];

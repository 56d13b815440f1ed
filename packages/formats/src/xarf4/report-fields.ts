import type { Property } from '@flowpact/event';

/** Names of the schemas that the writer fills, or whose values have a form that a property may not have. */
const takenNames: ReadonlySet<string> = new Set([
  'xarf_version',
  'report_id',
  'timestamp',
  'reporter',
  'sender',
  'source_identifier',
  'source_port',
  'category',
  'type',
  'evidence_source',
  'evidence',
  'tags',
  'confidence',
  'description',
  'legacy_version',
  'destination_ip',
  'destination_port',
  'protocol',
  'peak_pps',
  'peak_bps',
  'total_packets',
  'total_bytes',
  'duration_seconds',
  'amplification_factor',
  'first_seen',
  'last_seen',
  'threshold_exceeded',
  'mitigation_applied',
  'service_impact',
  'smtp_from',
  'smtp_to',
  'recipient_count',
  'language',
  'message_id',
  'spam_indicators',
  'c2_protocol',
  'bot_capabilities',
  'threat_type',
  'flowpact',
]);

/** Names whose values are texts. */
const textNames: ReadonlySet<string> = new Set([
  'attack_vector',
  'subject',
  'sender_name',
  'user_agent',
  'malware_family',
  'c2_server',
  'compromise_evidence',
  'service',
]);

/** Whether a property of the event is a key of a report as it is: further keys are allowed in every schema. */
export function isReportField({ name, value }: Property): boolean {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > 60 || takenNames.has(name)) return false;
  switch (typeof value) {
    case 'string':
      return !textNames.has(name) || (value.length > 0 && value.length <= 100);
    case 'boolean':
      return !textNames.has(name);
    case 'number':
      return !textNames.has(name) && Number.isFinite(value) && !Object.is(value, -0);
    default:
      return false;
  }
}

/** `namespace:predicate`. */
export const tagPattern = /^[a-z0-9][a-z0-9_+-]*:[a-z0-9][a-z0-9_+-]*$/;

/** The largest that the core schema allows. */
export const maxEvidenceItems = 50;
export const maxEvidenceBytes = 5_242_880;
export const maxTags = 20;
export const maxDescription = 1_000;

/** A prefix or a name can be a source; this word stands for none. */
export const noSource = 'unknown';

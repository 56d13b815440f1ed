import type { Property } from '@flowpact/event';

/** Fields that the writer fills from fields of the model (RFC 5965, section 3; RFC 6692), in lower case. */
const ownFields: ReadonlySet<string> = new Set([
  'feedback-type',
  'user-agent',
  'version',
  'source-ip',
  'source-port',
  'arrival-date',
  'flowpact-field',
]);

/**
 * Whether a property of the event is a field of a feedback report as it is: the name a field name, the value one line
 * of printable ASCII. The registry of fields is open, and readers pass over those that they do not know (RFC 5965,
 * section 6).
 */
export function isFeedbackField({ name, value }: Property): boolean {
  return (
    /^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name) &&
    !ownFields.has(name.toLowerCase()) &&
    typeof value === 'string' &&
    value.length <= 900 &&
    /^[!-~]([ -~]*[!-~])?$/.test(value)
  );
}

import { type SecurityEvent, stringifyEvent } from '@flowpact/event';
import type { Mitigation } from '@flowpact/response';

/** A mitigation as JSON can say it: its event as `stringifyEvent` writes it. */
export function mitigationJson(mitigation: Mitigation): Mitigation {
  return { ...mitigation, event: JSON.parse(stringifyEvent(mitigation.event)) as SecurityEvent };
}

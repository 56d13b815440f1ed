import type { Action, SecurityEvent } from '@flowpact/event';
import type { Playbook, PlaybookEntry } from './playbook.ts';

/** What a playbook is asked about. */
export interface Occasion {
  readonly event: Pick<SecurityEvent, 'type' | 'confidence'>;
  /** Found by ourselves (`own`), or asked for or told of by a partner of this trust level. */
  readonly from: 'own' | 'none' | 'low' | 'medium' | 'high';
  /** What is asked for, in a request; nothing, in an alert. */
  readonly asks?: readonly Action[];
}

/** The first entry that fits, be its level `off`; undefined: none does, so that nothing is to become of it. */
export function chooseEntry(playbook: Playbook, { event, from, asks }: Occasion): PlaybookEntry | undefined {
  return playbook.find(
    (entry) =>
      (entry.eventTypes === undefined || entry.eventTypes.includes(event.type)) &&
      (entry.from ?? ['own']).includes(from) &&
      (event.confidence ?? 0) >= (entry.minConfidence ?? 0) &&
      (entry.asks === undefined || asks === undefined || asks.some((ask) => entry.asks?.includes(ask))),
  );
}

import type { EventType } from '@flowpact/event';

/**
 * `Feedback-Type` (RFC 5965, section 7.3) for a type of event. ARF reports about mail; what is not about mail is
 * `other` there.
 */
export function feedbackTypeOf(type: EventType): string {
  if (type === 'spam') return 'abuse';
  return type === 'botInfection' ? 'virus' : 'other';
}

/** The types of RFC 5965, RFC 6430 (`not-spam`), RFC 6591 (`auth-failure`), those of its drafts, and what was seen. */
export function eventTypeOf(feedbackType: string): EventType {
  switch (feedbackType) {
    case 'abuse':
    case 'spam':
      return 'spam';
    case 'virus':
      return 'botInfection';
    default:
      return 'other';
  }
}

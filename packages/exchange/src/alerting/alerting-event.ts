import type { EventType, MessageRef } from '@flowpact/event';
import type { RouteReason } from '../routing/route-reason.ts';

/** What became of an event that was to be told, for one partner. */
export type Told = { readonly partner: string } & (
  | {
      /** The exchange has promised it. */
      readonly kind: 'alerted';
      readonly reference: MessageRef;
      readonly because: readonly RouteReason[];
    }
  | {
      /** It is the same as what the message tells, which will be superseded by one with both. */
      readonly kind: 'gathered';
      readonly reference?: MessageRef;
    }
  | {
      /** The rate limit is reached, or the exchange does not take it now: it will be in a digest. */
      readonly kind: 'heldBack';
      readonly reason: string;
    }
  | {
      /** The exchange cannot send it, nor could it later. */
      readonly kind: 'failed';
      readonly reason: string;
    }
  | {
      /** It would concern the partner, and may not be told to it. */
      readonly kind: 'withheld';
      readonly reason: string;
    }
);

/** What happens in an alerting: for logs, counters and pages. */
export type AlertingEvent = { readonly atMs: number } & (
  | Told
  | {
      /** What was gathered since the message that this one supersedes. */
      readonly kind: 'updated';
      readonly partner: string;
      readonly reference: MessageRef;
      readonly supersedes: MessageRef;
      /** Events that the message tells of. */
      readonly events: number;
    }
  | {
      /** One message for all events of a type that were held back. */
      readonly kind: 'digested';
      readonly partner: string;
      readonly reference: MessageRef;
      readonly eventType: EventType;
      readonly events: number;
    }
  | {
      /** A partner's alert that goes no further, to nobody. */
      readonly kind: 'notRelayed';
      readonly reference: MessageRef;
      readonly reason: string;
    }
  | {
      /** An update or a digest that the exchange did not take; it is tried again with what comes until then. */
      readonly kind: 'postponed';
      readonly partner: string;
      readonly reason: string;
      readonly events: number;
    }
);

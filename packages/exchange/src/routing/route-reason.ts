import type { EventType } from '@flowpact/event';

/** Why a partner is told of an event. */
export type RouteReason =
  | {
      readonly kind: 'ownsSource' | 'ownsTarget';
      /** The address or network of the event, or its AS, e.g. `192.0.2.7/32`, `AS64500`. */
      readonly endpoint: string;
      /** The partner's network that it is in, or that is in it; left out: it is known by the AS. */
      readonly prefix?: string;
    }
  | { readonly kind: 'subscribes'; readonly eventType: EventType }
  /** Somebody has named the partner. */
  | { readonly kind: 'named' };

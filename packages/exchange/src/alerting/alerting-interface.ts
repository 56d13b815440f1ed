import type { Message, MessageRef, SecurityEvent } from '@flowpact/event';
import type { Told } from './alerting-event.ts';

/** How much was told to a partner since the start. */
export interface AlertingCounts {
  readonly partner: string;
  /** Messages that the exchange has promised, updates and digests among them. */
  readonly alerts: number;
  /** Events that joined another in one message. */
  readonly gathered: number;
  /** Events that the rate limit held back, for a digest. */
  readonly heldBack: number;
  /** Events that concern the partner and that it may not see. */
  readonly withheld: number;
}

/** Tells the networks concerned of events: routed, disclosed, aggregated, handed to the exchange. */
export interface Alerting {
  /**
   * Resolves when the messages are in the exchange's journal, with what became of the event for each partner that it
   * concerns. Never rejects for one partner's sake: what the exchange does not take is held back and tried again.
   * @param to Partners (`Party.name`) that are to know of it beside those concerned; of TLP:RED these alone. An unknown
   * one is an ExchangeError, `EXCHANGE_UNKNOWN_PARTNER`.
   */
  publish(event: SecurityEvent, to?: readonly string[]): Promise<readonly Told[]>;
  /**
   * Tells a partner's alert on to whom it concerns, as far as its TLP allows: never to its sender, nor to anybody whom
   * it has come by, nor if it began with us. The messages point at it (`related`).
   */
  relay(message: Message): Promise<readonly Told[]>;
  /**
   * The event of an alert of ours to this partner as we know it, without its flows; undefined where it is forgotten, and
   * for what another was told.
   */
  toldEvent(reference: MessageRef, partner: string): SecurityEvent | undefined;
  counts(): readonly AlertingCounts[];
  /** Tells what was gathered or held back, without waiting for its time; the exchange has to run. */
  flush(): Promise<void>;
  /** Flushes, and tells nothing on its own any more. */
  stop(): Promise<void>;
}

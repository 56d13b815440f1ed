import type { Tlp } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { Exchange } from '../conversation/exchange-interface.ts';
import type { Partner } from '../partner/partner.ts';
import type { AlertingEvent } from './alerting-event.ts';

export interface AlertingConfig {
  /** Ourselves: our name, AS and address space. */
  readonly self: Pick<Partner, 'party' | 'addressSpace'>;
  readonly partners: readonly Partner[];
  /** The label of events that have none, and what they are sent with. Default `amber`. */
  readonly defaultTlp?: Tlp;
  readonly limits?: Partial<AlertingLimits>;
}

export interface AlertingLimits {
  /**
   * How long further events of the same type, sources and targets are gathered after a message, until they are told in
   * one more, milliseconds. Doubled each time, as long as there are any. Default 5 min.
   */
  readonly aggregationMs: number;
  /** The longest such time, milliseconds. Default 1 hour. */
  readonly maxAggregationMs: number;
  /** Such gatherings of one partner at a time; the one quiet for longest is told first to make room. Default 1,000. */
  readonly maxAggregates: number;
  /** Sources and targets, each, of a message of several events; the first are kept, all are counted. Default 256. */
  readonly maxEndpoints: number;
  /** How long after the exchange has not taken something it is tried again, milliseconds. Default 1 min. */
  readonly retryMs: number;
  /** Alerts whose events are remembered, without their flows, for what partners ask about them. Default 10,000. */
  readonly maxToldEvents: number;
  /** Networks that an event has come by, at most, to be told on. Default 5. */
  readonly maxRelays: number;
}

export const defaultAlertingLimits: AlertingLimits = {
  aggregationMs: 5 * 60_000,
  maxAggregationMs: 3_600_000,
  maxAggregates: 1_000,
  maxEndpoints: 256,
  retryMs: 60_000,
  maxToldEvents: 10_000,
  maxRelays: 5,
};

export interface AlertingDeps {
  readonly exchange: Pick<Exchange, 'alert'>;
  readonly clock: Clock;
  /** Whatever it throws is ignored. */
  readonly onEvent?: (event: AlertingEvent) => void;
}

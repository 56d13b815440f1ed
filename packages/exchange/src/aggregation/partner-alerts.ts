import type { EventType, Message, MessageRef, SecurityEvent } from '@flowpact/event';
import type { AlertingLimits } from '../alerting/alerting-config.ts';
import type { AlertingEvent, Told } from '../alerting/alerting-event.ts';
import type { AlertingCounts } from '../alerting/alerting-interface.ts';
import type { Clock } from '../clock.ts';
import type { Place } from '../conversation/exchange-interface.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { RateLimit } from '../partner/partner-policy.ts';
import type { RouteReason } from '../routing/route-reason.ts';
import { aggregationKey } from './aggregation-key.ts';
import { GatheredEvent } from './gathered-event.ts';
import { RateWindow } from './rate-window.ts';

type Untimed<T> = T extends unknown ? Omit<T, 'atMs'> : never;

export interface PartnerAlertsConfig {
  readonly partner: string;
  readonly rateLimit: RateLimit;
  readonly limits: AlertingLimits;
}

export interface PartnerAlertsDeps {
  readonly clock: Clock;
  /** Discloses and promises an event that stands for so many. Rejects where the exchange does not take it. */
  readonly send: (event: SecurityEvent, events: number, place: Place) => Promise<Message>;
  readonly emit: (event: Untimed<AlertingEvent>) => void;
}

/** What one partner is told, as few messages as will do. */
export interface PartnerAlerts {
  /** Never rejects. */
  tell(event: SecurityEvent, because: readonly RouteReason[], related: readonly MessageRef[]): Promise<Told>;
  /** When there is something to tell next, milliseconds since 1970; infinite: there is nothing. */
  nextDueMs(): number;
  /** Tells what is due. Never rejects. */
  tellDue(): Promise<void>;
  /** Tells all that waits. Never rejects. */
  flush(): Promise<void>;
  counts(): Omit<AlertingCounts, 'withheld'>;
}

/** Events of the same type, sources and targets, as long as they keep coming. */
interface Aggregate {
  readonly gathered: GatheredEvent;
  readonly related: readonly MessageRef[];
  first?: MessageRef;
  last?: MessageRef;
  /** Events that the last message did not tell of. */
  waiting: number;
  periodMs: number;
  /** Infinite: a message is on its way to the exchange. */
  dueMs: number;
}

export function createPartnerAlerts(
  { partner, rateLimit, limits }: PartnerAlertsConfig,
  { clock, send, emit }: PartnerAlertsDeps,
): PartnerAlerts {
  /** By key, those that were quiet for longest first. */
  const aggregates = new Map<string, Aggregate>();
  const heldBack = new Map<EventType, GatheredEvent>();
  const rate = new RateWindow(rateLimit);
  let digestDueMs = Number.POSITIVE_INFINITY;
  /** No later than anything is due. */
  let nextDueMs = Number.POSITIVE_INFINITY;
  const counts = { partner, alerts: 0, gathered: 0, heldBack: 0 };

  function schedule(aggregate: Aggregate, dueMs: number): void {
    aggregate.dueMs = dueMs;
    nextDueMs = Math.min(nextDueMs, dueMs);
  }

  function scheduleDigest(dueMs: number): void {
    digestDueMs = Math.min(digestDueMs, dueMs);
    nextDueMs = Math.min(nextDueMs, dueMs);
  }

  function holdBack(events: GatheredEvent | SecurityEvent, dueMs: number): void {
    const event = events instanceof GatheredEvent ? events.event() : events;
    const count = events instanceof GatheredEvent ? events.count : 1;
    counts.heldBack += count;
    const digest = heldBack.get(event.type);
    if (digest === undefined) heldBack.set(event.type, new GatheredEvent(event, limits.maxEndpoints, count));
    else digest.add(event, count);
    scheduleDigest(dueMs);
  }

  async function begin(
    key: string,
    event: SecurityEvent,
    because: readonly RouteReason[],
    related: readonly MessageRef[],
  ): Promise<Told> {
    const aggregate: Aggregate = {
      gathered: new GatheredEvent(event, limits.maxEndpoints),
      related,
      waiting: 0,
      periodMs: limits.aggregationMs,
      dueMs: Number.POSITIVE_INFINITY,
    };
    aggregates.set(key, aggregate);
    try {
      const message = await send(event, 1, related.length === 0 ? {} : { related });
      counts.alerts++;
      const reference = { sender: message.sender.name, id: message.id };
      aggregate.first = reference;
      aggregate.last = reference;
      schedule(aggregate, clock.now() + aggregate.periodMs);
      return { kind: 'alerted', partner, reference, because };
    } catch (error) {
      rate.giveBack();
      aggregates.delete(key);
      if (isPermanent(error)) return { kind: 'failed', partner, reason: reasonOf(error) };
      holdBack(aggregate.gathered, clock.now() + limits.retryMs);
      return { kind: 'heldBack', partner, reason: reasonOf(error) };
    }
  }

  /** Tells of an aggregate once more, in the place of its last message. @returns whether that is done with */
  async function update(aggregate: Aggregate): Promise<boolean> {
    const { gathered, first, last, waiting } = aggregate;
    // The first message is on its way to the exchange.
    if (first === undefined || last === undefined) return true;
    aggregate.waiting = 0;
    aggregate.dueMs = Number.POSITIVE_INFINITY;
    const events = gathered.count;
    const related = first.id === last.id ? aggregate.related : [first, ...aggregate.related];
    try {
      const place = { supersedes: last, ...(related.length === 0 ? {} : { related }) };
      const message = await send(gathered.event(), events, place);
      counts.alerts++;
      const reference = { sender: message.sender.name, id: message.id };
      aggregate.last = reference;
      aggregate.periodMs = Math.min(2 * aggregate.periodMs, limits.maxAggregationMs);
      schedule(aggregate, clock.now() + aggregate.periodMs);
      emit({ kind: 'updated', partner, reference, supersedes: last, events });
      return true;
    } catch (error) {
      if (isPermanent(error)) {
        emit({ kind: 'failed', partner, reason: reasonOf(error) });
        schedule(aggregate, clock.now());
        return true;
      }
      emit({ kind: 'postponed', partner, reason: reasonOf(error), events: waiting });
      aggregate.waiting += waiting;
      schedule(aggregate, clock.now() + limits.retryMs);
      return false;
    }
  }

  /** @returns whether that is done with */
  async function digest(eventType: EventType, gathered: GatheredEvent): Promise<boolean> {
    heldBack.delete(eventType);
    const events = gathered.count;
    try {
      const message = await send(gathered.event(), events, {});
      counts.alerts++;
      const reference = { sender: message.sender.name, id: message.id };
      emit({ kind: 'digested', partner, reference, eventType, events });
      return true;
    } catch (error) {
      if (isPermanent(error)) {
        emit({ kind: 'failed', partner, reason: reasonOf(error) });
        return true;
      }
      emit({ kind: 'postponed', partner, reason: reasonOf(error), events });
      counts.heldBack -= events;
      holdBack(gathered, clock.now() + limits.retryMs);
      return false;
    }
  }

  /** A step that counts as a message. @returns whether that is done with; undefined: there is no room for it */
  async function within(isUrgent: boolean, step: () => Promise<boolean>): Promise<boolean | undefined> {
    if (isUrgent) return step();
    if (!rate.take(clock.now())) return undefined;
    const isDone = await step();
    if (!isDone) rate.giveBack();
    return isDone;
  }

  async function tellHeldBack(isUrgent: boolean): Promise<void> {
    digestDueMs = Number.POSITIVE_INFINITY;
    for (const [eventType, gathered] of [...heldBack]) {
      const isDone = await within(isUrgent, () => digest(eventType, gathered));
      if (isDone === undefined) scheduleDigest(rate.freeMs);
      // The exchange that does not take one takes no other.
      if (isDone !== true) return;
    }
  }

  async function tellAggregates(isUrgent: boolean): Promise<void> {
    for (const [key, aggregate] of [...aggregates]) {
      if (!isUrgent && aggregate.dueMs > clock.now()) continue;
      if (aggregate.waiting > 0) {
        const isDone = await within(isUrgent, () => update(aggregate));
        if (isDone === undefined) schedule(aggregate, rate.freeMs);
      } else if (aggregate.dueMs <= clock.now()) {
        // Nothing more has come: the next one is news again.
        aggregates.delete(key);
      }
    }
  }

  /** Each new aggregate was a message, so that what leaves for its sake does no worse than to double their number. */
  async function makeRoom(): Promise<void> {
    for (const [key, aggregate] of aggregates) {
      if (aggregates.size <= limits.maxAggregates) return;
      if (aggregate.dueMs === Number.POSITIVE_INFINITY) continue;
      aggregates.delete(key);
      if (aggregate.waiting === 0 || (await update(aggregate))) continue;
      holdBack(aggregate.gathered, aggregate.dueMs);
    }
  }

  return {
    async tell(event, because, related) {
      const key = aggregationKey(event);
      const aggregate = aggregates.get(key);
      if (aggregate !== undefined) {
        aggregates.delete(key);
        aggregates.set(key, aggregate);
        aggregate.gathered.add(event);
        aggregate.waiting++;
        counts.gathered++;
        const { last } = aggregate;
        return { kind: 'gathered', partner, ...(last === undefined ? {} : { reference: last }) };
      }
      if (!rate.take(clock.now())) {
        holdBack(event, rate.freeMs);
        const { messages, periodMs } = rateLimit;
        const reason = `${messages} messages in ${periodMs / 1000} s`;
        return { kind: 'heldBack', partner, reason };
      }
      const told = begin(key, event, because, related);
      await makeRoom();
      return told;
    },
    nextDueMs: () => nextDueMs,
    async tellDue() {
      await tellAggregates(false);
      if (digestDueMs <= clock.now()) await tellHeldBack(false);
      nextDueMs = digestDueMs;
      for (const { dueMs } of aggregates.values()) nextDueMs = Math.min(nextDueMs, dueMs);
    },
    async flush() {
      await tellAggregates(true);
      await tellHeldBack(true);
    },
    counts: () => ({ ...counts }),
  };
}

/** The same would fail again. */
function isPermanent(error: unknown): boolean {
  return error instanceof ExchangeError && error.permanent;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

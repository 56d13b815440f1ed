import type { Message, SecurityEvent } from '@flowpact/event';
import {
  type Alerting,
  type AlertingCounts,
  type Answer,
  createAlerting,
  createPolicyDecide,
  type Exchange,
  type FalsePositiveCount,
  type FlowArchive,
  type OutboxEntry,
  type Partner,
  type PolicyDeps,
  systemClock,
} from '@flowpact/exchange';
import type { ExchangeSettings } from '../config/exchange-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Logger } from '../log/logger.ts';
import { createExchangeCounts, type ExchangeCounts } from './exchange-counts.ts';
import type { ExchangeOffice, OutboxItem } from './exchange-office.ts';
import { readExchangeParts } from './exchange-parts.ts';
import { type ExchangeMemory, keepExchangeEvent } from './keep-exchange-event.ts';
import { logExchangeEvent } from './log-exchange-event.ts';
import { openExchange } from './open-exchange.ts';

/** How the exchange fares. */
export interface ExchangeReport {
  readonly counts: ExchangeCounts;
  readonly alerting: readonly AlertingCounts[];
  readonly falsePositives: readonly FalsePositiveCount[];
}

/** A partner as configured. */
export interface ExchangePartner {
  readonly partner: Partner;
  /** Whether its messages must be signed with a key of its own. */
  readonly isSigned: boolean;
}

/** A message of ours on its way. */
export interface WaitingMessage extends Omit<OutboxItem, 'state' | 'subject'> {
  readonly state: 'waiting' | 'failed';
}

/** The exchange of a daemon at work, and the alerting that hands events to it. */
export interface RunningExchange {
  readonly office: ExchangeOffice;
  readonly partners: readonly ExchangePartner[];
  /** Tells the partners concerned; resolves when that is in the journal. */
  publish(event: SecurityEvent): Promise<void>;
  /**
   * A further answer to a partner's request; resolves when it is in the journal.
   * @throws ExchangeError
   */
  feedback(request: Message, answer: Answer): Promise<void>;
  report(): ExchangeReport;
  /** Messages that are to be sent, and those that were given up. */
  waiting(): Promise<readonly WaitingMessage[]>;
  stop(): Promise<void>;
}

export interface RunningExchangeDeps {
  readonly log: Logger;
  /** Where flows are looked for that partners ask for. Left out: none are kept. */
  readonly archive?: FlowArchive;
  /** What is answered to requests that the policy permits. Left out: `received`. */
  readonly decide?: PolicyDeps['decide'];
  /** What comes of a partner's feedback; asked again, also after a crash, until it resolves. */
  readonly onFeedback?: (feedback: Message) => Promise<void>;
  /** Where what is said is kept. Left out: in the journal alone, as long as it is under way. */
  readonly memory?: ExchangeMemory;
}

/** @throws FlowpactError or ExchangeError where the configuration is wrong or an address cannot be had. */
export async function startExchange(
  loaded: LoadedConfig,
  settings: ExchangeSettings,
  { log, archive, memory, decide, onFeedback }: RunningExchangeDeps,
): Promise<RunningExchange> {
  const parts = readExchangeParts(loaded, settings, { receive: true });
  if (parts.trust === undefined) {
    log.warn('exchange.keys is empty: nothing is signed, and anybody can write as a partner');
  }
  const counts = createExchangeCounts();
  const { self, partners } = parts.exchange;
  const network = { self: { party: self, addressSpace: parts.addressSpace }, partners };
  let alerting: Alerting | undefined;
  let running: Exchange | undefined;
  const { exchange, journal, office } = openExchange(parts, {
    decide: createPolicyDecide(network, {
      clock: systemClock,
      toldEvent: (reference, partner) => alerting?.toldEvent(reference, partner),
      onEvent: ({ atMs, kind, ...fields }) => log.warn(fields, `policy: ${kind}`),
      ...(archive === undefined ? {} : { archive }),
      ...(decide === undefined ? {} : { decide }),
    }),
    ...(onFeedback === undefined ? {} : { onFeedback }),
    stateDirectory: loaded.path(loaded.config.stateDirectory),
    onEvent(event) {
      counts.add(event);
      logExchangeEvent(log, event);
      if (memory === undefined) return;
      keepExchangeEvent(memory, event, () => running?.conversations() ?? []).catch(({ message }: Error) =>
        log.warn({ error: message }, 'what was said is not in the store'),
      );
    },
  });
  running = exchange;
  const { enabled, ...limits } = settings.alerting;
  const publisher = createAlerting(
    {
      ...network,
      defaultTlp: limits.defaultTlp,
      limits: { aggregationMs: limits.aggregationMs, maxAggregationMs: limits.maxAggregationMs },
    },
    {
      exchange,
      clock: systemClock,
      onEvent: ({ atMs, kind, ...fields }) => log.info(fields, `alerting: ${kind}`),
    },
  );
  alerting = publisher;
  await exchange.start();
  const signing = new Set(
    parts.trust?.partners.flatMap(({ partner, keys }) => (keys.length > 0 ? [partner] : [])),
  );
  return {
    office,
    partners: partners.map((partner) => ({
      partner,
      isSigned: partner.unsigned !== 'record' && signing.has(partner.party.name),
    })),
    async publish(event) {
      if (enabled) await publisher.publish(event);
    },
    async feedback(request, answer) {
      await exchange.feedback(request, answer);
    },
    report: () => ({
      counts: counts.all,
      alerting: publisher.counts(),
      falsePositives: exchange.falsePositives(),
    }),
    async waiting() {
      const pending = await journal.pending();
      const given = await journal.deadLetters();
      return [
        ...pending.map((entry) => ({ ...waitingMessage(entry), state: 'waiting' as const })),
        ...given.map(({ entry, failure: { reason } }) => ({
          ...{ ...waitingMessage(entry), state: 'failed' as const, reason },
        })),
      ];
    },
    async stop() {
      await publisher.stop();
      await exchange.stop();
    },
  };
}

const waitingMessage = ({ reference, partner, language, bytes, atMs }: OutboxEntry) => ({
  ...{ reference, partner, language, octets: bytes.length, atMs },
});

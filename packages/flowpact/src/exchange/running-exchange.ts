import type { SecurityEvent } from '@flowpact/event';
import {
  type Alerting,
  type AlertingCounts,
  createAlerting,
  createPolicyDecide,
  type Exchange,
  type FalsePositiveCount,
  type FlowArchive,
  systemClock,
} from '@flowpact/exchange';
import type { ExchangeSettings } from '../config/exchange-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Logger } from '../log/logger.ts';
import { createExchangeCounts, type ExchangeCounts } from './exchange-counts.ts';
import type { ExchangeOffice } from './exchange-office.ts';
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

/** The exchange of a daemon at work, and the alerting that hands events to it. */
export interface RunningExchange {
  readonly office: ExchangeOffice;
  /** Tells the partners concerned; resolves when that is in the journal. */
  publish(event: SecurityEvent): Promise<void>;
  report(): ExchangeReport;
  stop(): Promise<void>;
}

export interface RunningExchangeDeps {
  readonly log: Logger;
  /** Where flows are looked for that partners ask for. Left out: none are kept. */
  readonly archive?: FlowArchive;
  /** Where what is said is kept. Left out: in the journal alone, as long as it is under way. */
  readonly memory?: ExchangeMemory;
}

/** @throws FlowpactError or ExchangeError where the configuration is wrong or an address cannot be had. */
export async function startExchange(
  loaded: LoadedConfig,
  settings: ExchangeSettings,
  { log, archive, memory }: RunningExchangeDeps,
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
  const { exchange, office } = openExchange(parts, {
    decide: createPolicyDecide(network, {
      clock: systemClock,
      toldEvent: (reference, partner) => alerting?.toldEvent(reference, partner),
      onEvent: ({ atMs, kind, ...fields }) => log.warn(fields, `policy: ${kind}`),
      ...(archive === undefined ? {} : { archive }),
    }),
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
  return {
    office,
    async publish(event) {
      if (enabled) await publisher.publish(event);
    },
    report: () => ({
      counts: counts.all,
      alerting: publisher.counts(),
      falsePositives: exchange.falsePositives(),
    }),
    async stop() {
      await publisher.stop();
      await exchange.stop();
    },
  };
}

import type { SecurityEvent } from '@flowpact/event';
import type { Exchange } from '@flowpact/exchange';
import type { Mitigation } from '@flowpact/response';
import { createWatchServer } from '../http/watch-server.ts';
import { createExchangeView, type ExchangeView } from '../watch/exchange-view.ts';
import { createMemorySource, type MemorySource } from '../watch/memory-source.ts';
import { createDemoResponse } from './demo-response.ts';
import type { DetectingNetworkPipeline } from './detecting-network.ts';
import { detectingNetwork, partnerOf, receivingNetwork } from './network.ts';

export interface DemoPageConfig {
  readonly port: number;
  /** Of the built page. */
  readonly folder: string;
  readonly note: string;
  /** Of the audit log of what is said to proposals. */
  readonly auditDirectory: string;
}

export interface DemoPageDeps {
  readonly network: DetectingNetworkPipeline;
  readonly exchange: Exchange;
  onProposed(mitigation: Mitigation): void;
  onTrouble(what: string): void;
}

/** The page on which the demo can be watched: what the detecting network sees. */
export interface DemoPage {
  readonly source: MemorySource;
  readonly exchangeView: ExchangeView;
  /** Shows it, and proposes what could be done against it. `timeMs`: of the traffic, milliseconds since 1970. */
  addEvent(event: SecurityEvent, timeMs: number): void;
  /** @returns its URL. @throws FlowpactError where the port is taken. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

export function createDemoPage(config: DemoPageConfig, deps: DemoPageDeps): DemoPage {
  const { port, folder, note, auditDirectory } = config;
  const { network, exchange, onProposed, onTrouble } = deps;
  const exchangeView = createExchangeView({ partners: [partnerOf(receivingNetwork)] });
  const source = createMemorySource(
    { note },
    {
      modules: [network.module],
      ...{ exchange, exchangeView },
      exporters: network.exporters,
      now: Date.now,
    },
  );
  network.alsoRead(source.reader);
  let trafficMs = 0;
  const response = createDemoResponse(
    { auditDirectory },
    { replay: source.replay, trafficMs: () => trafficMs, onProposed, onTrouble },
  );
  const server = createWatchServer(
    { port, pageFolder: folder, mayChange: true },
    {
      ...{ source, mitigations: response.source, self: detectingNetwork.party },
      onError: ({ message }) => onTrouble(message),
    },
  );
  return {
    ...{ source, exchangeView },
    addEvent(event, timeMs) {
      trafficMs = timeMs;
      source.addEvent(event, timeMs);
      response.propose(event);
    },
    async start() {
      await response.start();
      return server.start();
    },
    async stop() {
      await server.stop();
      await response.stop();
    },
  };
}

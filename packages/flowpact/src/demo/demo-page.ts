import type { Exchange } from '@flowpact/exchange';
import { createWatchServer } from '../http/watch-server.ts';
import { createExchangeView, type ExchangeView } from '../watch/exchange-view.ts';
import { createMemorySource, type MemorySource } from '../watch/memory-source.ts';
import type { DetectingNetworkPipeline } from './detecting-network.ts';
import { detectingNetwork, partnerOf, receivingNetwork } from './network.ts';

export interface DemoPageConfig {
  readonly port: number;
  /** Of the built page. */
  readonly folder: string;
  readonly note: string;
}

export interface DemoPageDeps {
  readonly network: DetectingNetworkPipeline;
  readonly exchange: Exchange;
  onTrouble(what: string): void;
}

/** The page on which the demo can be watched: what the detecting network sees. */
export interface DemoPage {
  readonly source: MemorySource;
  readonly exchangeView: ExchangeView;
  /** @returns its URL. @throws FlowpactError where the port is taken. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

export function createDemoPage({ port, folder, note }: DemoPageConfig, deps: DemoPageDeps): DemoPage {
  const { network, exchange, onTrouble } = deps;
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
  const server = createWatchServer(
    { port, pageFolder: folder },
    { source, self: detectingNetwork.party, onError: ({ message }) => onTrouble(message) },
  );
  return { source, exchangeView, start: server.start, stop: server.stop };
}

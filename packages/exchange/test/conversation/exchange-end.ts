import type { Message } from '@flowpact/event';
import {
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  type Exchange,
  type ExchangeConfig,
  type ExchangeDeps,
  type ExchangeJournal,
  type IncomingDocument,
  type MemoryNetwork,
  type Transport,
} from '../../src/index.ts';
import { exampleEvent } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { EventLog, partnerNamed, tickingClock } from '../two-networks.ts';

export const a = 'isp-a.example';
export const b = 'isp-b.example';
export const c = 'isp-c.example';

export interface End {
  readonly exchange: Exchange;
  readonly log: EventLog;
  readonly journal: ExchangeJournal;
  /** As if a transport had brought it. */
  readonly bring: (document: IncomingDocument) => Promise<void>;
}

/** A transport that does nothing but what it is told. */
export function transportWith(changed: Partial<Transport> = {}): Transport {
  return {
    kind: 'memory',
    start: async () => {},
    stop: async () => {},
    send: async () => ({ transport: 'memory', atMs: 1 }),
    ...changed,
  };
}

export function end(
  name: string,
  partners: readonly string[],
  options: { network?: MemoryNetwork; config?: Partial<ExchangeConfig>; deps?: Partial<ExchangeDeps> } = {},
): End {
  const network = options.network ?? createMemoryNetwork();
  const log = new EventLog();
  const journal = options.deps?.journal ?? createMemoryJournal();
  let bring: End['bring'] | undefined;
  const exchange = createExchange(
    {
      self: { name },
      partners: partners.map((partner) => partnerNamed(partner, 'memory')),
      ...options.config,
    },
    {
      transports: [
        (wiring) => {
          bring = wiring.onDocument;
          return network.join(`flex@${name}`)(wiring);
        },
      ],
      codecs: [jsonCodec],
      clock: tickingClock(),
      onEvent: log.onEvent,
      ...options.deps,
      journal,
    },
  );
  return { exchange, log, journal, bring: (document) => bring!(document) };
}

export async function started(...args: Parameters<typeof end>): Promise<End> {
  const made = end(...args);
  await made.exchange.start();
  return made;
}

let ids = 0;
export function messageFrom(name: string, changed: Partial<Message> = {}): Message {
  return {
    kind: 'alert',
    id: String(++ids),
    sender: { name },
    createdMs: 1,
    event: exampleEvent(1),
    ...changed,
  };
}

export function documentOf(message: Message, from = `flex@${message.sender.name}`): IncomingDocument {
  return {
    transport: 'memory',
    envelopeFrom: from,
    envelopeTo: [],
    attachments: [{ mediaType: 'application/json', bytes: jsonCodec.encode(message) }],
  };
}

import type { Message } from '@flowpact/event';
import {
  type Clock,
  createExchange,
  createMemoryJournal,
  createSmtpTransport,
  type Exchange,
  type ExchangeConfig,
  type ExchangeDeps,
  type ExchangeEvent,
  type Partner,
  type SmtpListenConfig,
  type SmtpTransport,
} from '../src/index.ts';
import { exampleMs } from './example-event.ts';
import { jsonCodec } from './json-codec.ts';

/** Each look at it is one millisecond later. */
export function tickingClock(startMs = exampleMs): Clock {
  let nowMs = startMs;
  return { now: () => nowMs++ };
}

export function partnerNamed(name: string, transport = 'smtp', languages = ['json', 'flex']): Partner {
  return { party: { name }, languages, routes: [{ transport, address: `flex@${name}` }] };
}

/** The events of an exchange, and a way to wait for one. */
export class EventLog {
  readonly events: ExchangeEvent[] = [];
  readonly #byKind = new Map<string, ExchangeEvent[]>();
  readonly #waiting = new Set<() => void>();

  readonly onEvent = (event: ExchangeEvent): void => {
    this.events.push(event);
    const same = this.#byKind.get(event.kind);
    if (same === undefined) this.#byKind.set(event.kind, [event]);
    else same.push(event);
    for (const look of this.#waiting) look();
  };

  of<K extends ExchangeEvent['kind']>(kind: K): Extract<ExchangeEvent, { kind: K }>[] {
    return [...this.#ofKind(kind)];
  }

  #ofKind<K extends ExchangeEvent['kind']>(kind: K): readonly Extract<ExchangeEvent, { kind: K }>[] {
    return (this.#byKind.get(kind) ?? []) as Extract<ExchangeEvent, { kind: K }>[];
  }

  /** Resolves with the `count`th event of this kind, also one that has been. */
  async next<K extends ExchangeEvent['kind']>(
    kind: K,
    count = 1,
  ): Promise<Extract<ExchangeEvent, { kind: K }>> {
    for (;;) {
      const event = this.#ofKind(kind)[count - 1];
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#waiting.delete(look);
          resolve();
        };
        this.#waiting.add(look);
      });
    }
  }
}

export interface Network {
  readonly exchange: Exchange;
  readonly log: EventLog;
  readonly smtp: SmtpTransport;
}

/** An exchange on loopback with mail in and, where there is a relay, out. */
export function mailNetwork(
  name: string,
  partner: string,
  options: {
    readonly relayPort?: number;
    readonly listen?: Partial<SmtpListenConfig>;
    readonly config?: Partial<ExchangeConfig>;
    readonly deps?: Partial<ExchangeDeps>;
  } = {},
): Network {
  const log = new EventLog();
  const clock = tickingClock();
  let smtp: SmtpTransport | undefined;
  const exchange = createExchange(
    { self: { name, asn: 64500 }, partners: [partnerNamed(partner)], ...options.config },
    {
      transports: [
        (wiring) => {
          smtp = createSmtpTransport(
            {
              from: `flex@${name}`,
              ...(options.relayPort === undefined
                ? {}
                : { relay: { host: '127.0.0.1', port: options.relayPort } }),
              listen: { port: 0, recipients: [`flex@${name}`], ...options.listen },
            },
            { ...wiring, clock },
          );
          return smtp;
        },
      ],
      codecs: [jsonCodec],
      journal: createMemoryJournal(),
      clock,
      onEvent: log.onEvent,
      ...options.deps,
    },
  );
  return { exchange, log, smtp: smtp! };
}

/** What survives the way through a codec: everything but the identity of the objects. */
export function encoded(message: Message): string {
  return Buffer.from(jsonCodec.encode(message)).toString('utf8');
}

import { type Clock, systemClock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import type { IncomingDocument, Transport, TransportFactory } from '../transport.ts';

export interface MemoryNetwork {
  /** A transport of kind `memory` with this address. */
  join(address: string): TransportFactory;
  /** Delivers what arrived last at this address once more, as if its sender had not heard the acknowledgement. */
  repeatLast(address: string): Promise<void>;
}

/** Carries documents between exchanges of one process: for tests and trials. */
export function createMemoryNetwork(clock: Clock = systemClock): MemoryNetwork {
  const receivers = new Map<string, (document: IncomingDocument) => Promise<void>>();
  const lastDocuments = new Map<string, IncomingDocument>();

  async function deliver(to: string, document: IncomingDocument): Promise<void> {
    const receive = receivers.get(to);
    if (receive === undefined) {
      throw new ExchangeError('EXCHANGE_SEND_FAILED', `nobody listens at ${to}`);
    }
    lastDocuments.set(to, document);
    await receive(document);
  }

  return {
    join:
      (address): TransportFactory =>
      ({ onDocument }): Transport => ({
        kind: 'memory',
        async start() {
          receivers.set(address, onDocument);
        },
        async stop() {
          if (receivers.get(address) === onDocument) receivers.delete(address);
        },
        async send({ to, summary, attachment, entity }) {
          try {
            await deliver(to.address, {
              transport: 'memory',
              envelopeFrom: address,
              envelopeTo: [to.address],
              ...(entity === undefined
                ? {
                    text: summary.text,
                    attachments: [{ ...attachment, bytes: attachment.bytes.slice() }],
                  }
                : { attachments: [], entity: { ...entity, body: entity.body.slice() } }),
            });
          } catch (cause) {
            throw new ExchangeError('EXCHANGE_SEND_FAILED', (cause as Error).message, {
              permanent: cause instanceof ExchangeError && cause.permanent,
              cause,
            });
          }
          return { transport: 'memory', atMs: clock.now() };
        },
      }),
    async repeatLast(address) {
      const document = lastDocuments.get(address);
      if (document !== undefined) await deliver(address, document);
    },
  };
}

import type { Writable } from 'node:stream';
import { IpfixError } from '../ipfix-error.ts';
import type { MessageExporter } from './message-exporter.ts';

interface StreamSource {
  /** For error messages: a path, or host and port. */
  readonly name: string;
  open(): Writable;
  /** Event that says that the stream is ready. */
  readonly opened: 'open' | 'connect' | 'secureConnect';
}

/** Writes messages one after the other to a socket or file, as slowly as it takes them. */
export function createStreamExporter({ name, open, opened }: StreamSource): MessageExporter {
  let stream: Writable | undefined;
  let failure: IpfixError | undefined;
  /** Waits for the stream to take more; shared by all who send meanwhile. */
  let drained: Promise<void> | undefined;

  function notConnected(): IpfixError {
    return (
      failure ?? new IpfixError('IPFIX_NOT_CONNECTED', `${name} is not open: call start() and wait for it`)
    );
  }

  /** Settles on one of two events and listens for neither afterwards. */
  function eventOf(source: Writable, event: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        source.off(event, succeed).off('close', fail);
      };
      const succeed = () => {
        finish();
        resolve();
      };
      const fail = () => {
        finish();
        reject(notConnected());
      };
      source.once(event, succeed).once('close', fail);
    });
  }

  return {
    async start() {
      if (stream !== undefined) throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is started already`);
      const opening = open();
      opening.on('error', (cause) => {
        failure = new IpfixError('IPFIX_IO', `${name}: ${cause.message}`, { cause });
      });
      opening.once('close', () => {
        failure ??= new IpfixError('IPFIX_NOT_CONNECTED', `${name} was closed from the other side`);
        if (stream === opening) stream = undefined;
      });
      failure = undefined;
      stream = opening;
      await eventOf(opening, opened);
    },
    send(message) {
      if (stream === undefined || stream.writableEnded) throw notConnected();
      if (stream.write(message)) return;
      drained ??= eventOf(stream, 'drain').finally(() => {
        drained = undefined;
      });
      return drained;
    },
    async stop() {
      const closing = stream;
      if (closing === undefined) return;
      // The other side may have hung up already, which ends this side as well.
      const finished = closing.writableFinished ? Promise.resolve() : eventOf(closing, 'finish');
      closing.end();
      try {
        await finished;
      } finally {
        closing.destroy();
        stream = undefined;
      }
    },
  };
}

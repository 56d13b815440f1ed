import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Socket } from 'node:net';
import { FlowpactError } from '../flowpact-error.ts';
import { readLines } from './read-lines.ts';
import type { SocketUrl } from './socket-url.ts';
import { untilQuiet } from './until-quiet.ts';

export interface ListenLinesConfig {
  readonly url: SocketUrl;
  /** Lines received and not yet taken; beyond it TCP connections wait and datagrams are dropped. Default 100,000. */
  readonly maxPendingLines?: number;
  /** Asked of the system for UDP; it may give less. Default 4 MiB. */
  readonly receiveBufferBytes?: number;
  /** TCP connections at a time. Default 64. */
  readonly maxConnections?: number;
}

export interface ListenLinesDeps {
  /** Ends the listening; what was received is still given out. */
  readonly signal: AbortSignal;
  onListening?(url: SocketUrl): void;
  onDropped(lines: number): void;
  onTooLong(): void;
}

/** Lines that others send: each datagram one or more lines, each TCP connection a stream of lines. */
export async function* listenLines(
  config: ListenLinesConfig,
  deps: ListenLinesDeps,
): AsyncGenerator<readonly string[]> {
  const pending = new PendingLines(config.maxPendingLines ?? 100_000);
  const listener =
    config.url.transport === 'udp'
      ? await listenUdp(config, pending, deps)
      : await listenTcp(config, pending, deps);
  deps.onListening?.({ ...config.url, port: listener.port });
  const abort = () => void untilQuiet(() => pending.received).then(() => pending.end());
  deps.signal.addEventListener('abort', abort);
  if (deps.signal.aborted) abort();
  try {
    yield* pending.batches();
  } finally {
    deps.signal.removeEventListener('abort', abort);
    await listener.close();
  }
}

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Joins those who receive to the one who takes. */
class PendingLines {
  readonly #limit: number;
  #lines: string[] = [];
  #ended = false;
  #wake: (() => void) | undefined;
  #taken: (() => void)[] = [];
  /** Lines so far. */
  received = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#lines.length >= this.#limit;
  }

  push(line: string): void {
    this.received++;
    this.#lines.push(line);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
    for (const resolve of this.#taken.splice(0)) resolve();
  }

  /** Resolves when there is room again, or nobody will take any more. */
  async room(): Promise<void> {
    if (this.full && !this.#ended) await new Promise<void>((resolve) => this.#taken.push(resolve));
  }

  async *batches(): AsyncGenerator<readonly string[]> {
    for (;;) {
      if (this.#lines.length > 0) {
        const batch = this.#lines;
        this.#lines = [];
        for (const resolve of this.#taken.splice(0)) resolve();
        yield batch;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}

async function listenUdp(
  config: ListenLinesConfig,
  pending: PendingLines,
  deps: ListenLinesDeps,
): Promise<Listener> {
  const { host, port } = config.url;
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: config.receiveBufferBytes ?? 4 << 20,
  });
  socket.on('message', (datagram) => {
    for (const line of datagram.toString('utf8').split(/\r?\n/)) {
      if (line === '') continue;
      if (pending.full) deps.onDropped(1);
      else pending.push(line);
    }
  });
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  await listening.catch((cause) => Promise.reject(cannotListen(config.url, cause)));
  socket.on('error', () => undefined); // an ICMP answer to somebody else's datagram is no reason to stop
  return {
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

async function listenTcp(
  config: ListenLinesConfig,
  pending: PendingLines,
  deps: ListenLinesDeps,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    void receive(socket).catch(() => undefined); // a cut connection: its lines so far count
  });
  const receive = async (socket: Socket) => {
    try {
      for await (const lines of readLines(socket, {}, deps)) {
        for (const line of lines) pending.push(line);
        await pending.room();
      }
    } finally {
      sockets.delete(socket);
      socket.destroy();
    }
  };
  server.maxConnections = config.maxConnections ?? 64;
  const listening = once(server, 'listening');
  server.listen(config.url.port, config.url.host);
  await listening.catch((cause) => Promise.reject(cannotListen(config.url, cause)));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : config.url.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function cannotListen({ transport, host, port }: SocketUrl, cause: Error): FlowpactError {
  return new FlowpactError(
    'FLOWPACT_NETWORK',
    `cannot listen on ${transport}://${host}:${port}: ${cause.message}`,
    { cause },
  );
}

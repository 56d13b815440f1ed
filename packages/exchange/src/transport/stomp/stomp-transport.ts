import { Client, type IFrame, type IMessage, ReconnectionTimeMode, Versions } from '@stomp/stompjs';
import { type Clock, systemClock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import type { OutgoingDocument, SendReceipt, Transport, TransportDeps } from '../transport.ts';
import { defaultStompLimits, type StompLimits, type StompTransportConfig } from './stomp-config.ts';
import { bodyOf, documentOf, headersOf, isDestination } from './stomp-document.ts';
import { StompSocket } from './stomp-socket.ts';

/** Whether the broker is reached, and what was wrong last. */
export interface StompState {
  readonly connected: boolean;
  readonly problem?: string;
}

export interface StompTransport extends Transport {
  readonly kind: 'stomp';
  state(): StompState;
  /** Resolves as soon as the broker is reached; at once where it is. */
  connected(): Promise<void>;
}

export type StompTransportDeps = TransportDeps & {
  readonly clock?: Clock;
  /** Told when the broker is reached and lost, and why. */
  readonly onState?: (state: StompState) => void;
};

/** Headers and the rest of a chunk that a frame ends in, bytes. */
const frameOverhead = 128 * 1024;

/**
 * Carries documents over a message broker that speaks STOMP 1.2, such as RabbitMQ and ActiveMQ. A document counts as
 * sent with the broker's receipt; one that came is acknowledged when it has been written down. A broker that cannot be
 * reached is tried again with growing pauses, and so is what it holds for us.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG`.
 */
export function createStompTransport(config: StompTransportConfig, deps: StompTransportDeps): StompTransport {
  for (const destination of [config.address, ...(config.subscribe ?? [])]) {
    if (isDestination(destination)) continue;
    const message = `"${destination}" is no STOMP destination, such as /queue/isp-a`;
    throw new ExchangeError('EXCHANGE_BAD_CONFIG', message, { permanent: true });
  }
  return new BrokerConnection(config, deps);
}

interface Pending {
  readonly resolve: (receipt: SendReceipt) => void;
  readonly reject: (error: ExchangeError) => void;
  readonly deadline: NodeJS.Timeout;
}

class BrokerConnection implements StompTransport {
  readonly kind = 'stomp';
  private readonly config: StompTransportConfig;
  private readonly limits: StompLimits;
  private readonly deps: StompTransportDeps;
  private readonly clock: Clock;
  private readonly name: string;
  private client: Client | undefined;
  private socket: StompSocket | undefined;
  /** Documents without a receipt yet, by its name. */
  private readonly pending = new Map<string, Pending>();
  private nextReceipt = 0;
  /** Connections made so far: what came by an earlier one cannot be acknowledged any more. */
  private generation = 0;
  private readonly taking = new Set<Promise<void>>();
  /** Wakes the pauses before another attempt to take a document, when the connection is gone. */
  private readonly pauses = new Set<() => void>();
  private problem: string | undefined;
  private waiting: (() => void)[] = [];
  private stopping = false;

  constructor(config: StompTransportConfig, deps: StompTransportDeps) {
    this.config = config;
    this.limits = { ...defaultStompLimits, ...config.limits };
    this.deps = deps;
    this.clock = deps.clock ?? systemClock;
    this.name = `the broker ${config.broker.host}:${config.broker.port}`;
  }

  /** Begins to connect; it does not wait for the broker. */
  async start(): Promise<void> {
    const { limits } = this;
    const { broker } = this.config;
    this.stopping = false;
    const connectHeaders: Record<string, string> = { host: broker.virtualHost ?? '/' };
    if (broker.login !== undefined) connectHeaders.login = broker.login;
    if (broker.passcode !== undefined) connectHeaders.passcode = broker.passcode;
    this.client = new Client({
      webSocketFactory: () => {
        this.socket = new StompSocket(broker, limits.maxMessageBytes + frameOverhead);
        return this.socket;
      },
      stompVersions: new Versions([Versions.V1_2]),
      connectHeaders,
      forceBinaryWSFrames: true,
      // A connection whose heart-beats stay away is torn down at once, not closed politely.
      discardWebsocketOnCommFailure: true,
      heartbeatIncoming: limits.heartbeatMs,
      heartbeatOutgoing: limits.heartbeatMs,
      connectionTimeout: limits.connectTimeoutMs,
      reconnectDelay: limits.reconnectMs,
      maxReconnectDelay: limits.maxReconnectMs,
      reconnectTimeMode: ReconnectionTimeMode.EXPONENTIAL,
      onConnect: () => this.onConnect(),
      onStompError: (frame) => this.onError(frame),
      onWebSocketError: (error: Error) => {
        this.problem = error.message;
      },
      onWebSocketClose: (event: { readonly reason?: string }) => this.onClose(event.reason),
    });
    this.client.activate();
  }

  async stop(): Promise<void> {
    const { client } = this;
    if (client === undefined) return;
    this.stopping = true;
    this.wake();
    await withinMs(Promise.all(this.taking), this.limits.stopTimeoutMs);
    this.client = undefined;
    const ended = client.deactivate();
    const inTime = await withinMs(ended, this.limits.stopTimeoutMs);
    if (!inTime) await client.deactivate({ force: true });
    this.failPending('stopped');
  }

  state(): StompState {
    const connected = this.client?.connected === true;
    return this.problem === undefined ? { connected } : { connected, problem: this.problem };
  }

  connected(): Promise<void> {
    if (this.client?.connected === true) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  send(document: OutgoingDocument): Promise<SendReceipt> {
    const { client, limits } = this;
    const { address } = document.to;
    if (!isDestination(address))
      return Promise.reject(this.failure(`"${address}" is no destination`, { permanent: true }));
    const body = bodyOf(document);
    if (body.byteLength > limits.maxMessageBytes) {
      const size = `the message is longer than ${limits.maxMessageBytes} bytes (maxMessageBytes)`;
      return Promise.reject(this.failure(size, { permanent: true }));
    }
    if (client?.connected !== true)
      return Promise.reject(this.failure(`not connected${this.problem ? `: ${this.problem}` : ''}`));
    const receipt = `flowpact-${this.nextReceipt++}`;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.pending.delete(receipt);
        reject(this.failure(`no receipt within ${limits.receiptTimeoutMs} ms`));
      }, limits.receiptTimeoutMs);
      this.pending.set(receipt, { resolve, reject, deadline });
      client.watchForReceipt(receipt, () => {
        this.socket?.frameTaken();
        const sent = this.take(receipt);
        sent?.resolve({ transport: 'stomp', atMs: this.clock.now(), response: 'RECEIPT' });
      });
      client.publish({
        destination: address,
        binaryBody: body,
        headers: { ...headersOf(document, this.config.address), receipt },
      });
    });
  }

  private onConnect(): void {
    this.generation++;
    this.problem = undefined;
    const { client, limits } = this;
    (this.config.subscribe ?? []).forEach((destination, i) => {
      client?.subscribe(destination, (message) => this.receive(destination, message), {
        id: `flowpact-${i}`,
        ack: 'client-individual',
        'prefetch-count': String(limits.prefetch),
        'activemq.prefetchSize': String(limits.prefetch),
      });
    });
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
    this.deps.onState?.(this.state());
  }

  /** STOMP 1.2: after an ERROR frame the broker closes the connection. */
  private onError({ headers, body }: IFrame): void {
    this.problem = `${headers.message ?? 'error'} ${body}`.trim().slice(0, 500);
    const refused = this.take(headers['receipt-id'] ?? '');
    refused?.reject(this.failure(this.problem));
  }

  private onClose(reason: string | undefined): void {
    if (reason) this.problem = reason;
    this.wake();
    this.failPending(this.problem ?? 'the connection ended');
    if (!this.stopping) this.deps.onState?.(this.state());
  }

  private receive(destination: string, message: IMessage): void {
    this.socket?.frameTaken();
    if (this.stopping) return;
    const taken = this.takeDocument(destination, message).finally(() => this.taking.delete(taken));
    this.taking.add(taken);
  }

  /**
   * Acknowledges what was written down. What was refused for good is refused to the broker, which discards it or puts it
   * aside. What could not be written down yet is tried again here, since brokers do not agree on what a NACK means;
   * where the connection ends before, the broker delivers it anew.
   */
  private async takeDocument(destination: string, message: IMessage): Promise<void> {
    const { generation, limits } = this;
    if (message.binaryBody.byteLength > limits.maxMessageBytes) {
      const reason = `a message over ${limits.maxMessageBytes} bytes came by ${destination} (maxMessageBytes)`;
      const error = new ExchangeError('EXCHANGE_BAD_MESSAGE', reason, { permanent: true });
      this.deps.onRefused?.({ transport: 'stomp', error });
      message.nack({ requeue: 'false' });
      return;
    }
    const document = documentOf(destination, message);
    for (let pauseMs = limits.retryMs; ; pauseMs = Math.min(pauseMs * 2, limits.retryMs * 64)) {
      try {
        await this.deps.onDocument(document);
        if (generation === this.generation) message.ack();
        return;
      } catch (error) {
        if (error instanceof ExchangeError && error.permanent) {
          if (generation === this.generation) message.nack({ requeue: 'false' });
          return;
        }
        await this.pause(pauseMs);
        if (this.stopping || generation !== this.generation || this.client?.connected !== true) return;
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.pauses.add(end);
    });
  }

  private wake(): void {
    for (const end of [...this.pauses]) end();
  }

  private take(receipt: string): Pending | undefined {
    const pending = this.pending.get(receipt);
    if (pending === undefined) return undefined;
    clearTimeout(pending.deadline);
    this.pending.delete(receipt);
    return pending;
  }

  private failPending(reason: string): void {
    for (const receipt of [...this.pending.keys()]) this.take(receipt)?.reject(this.failure(reason));
  }

  private failure(reason: string, options: { readonly permanent?: boolean } = {}): ExchangeError {
    return new ExchangeError(
      'EXCHANGE_SEND_FAILED',
      `${this.name} did not take the message: ${reason}`,
      options,
    );
  }
}

/** Whether the promise settled in time; its rejection counts as settled. */
async function withinMs(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([
      promise.then(
        () => true as const,
        () => true as const,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** A STOMP frame, as much of it as the tests look at. */
export interface Frame {
  readonly command: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ScriptedConnection {
  /** Writes a frame. */
  give(command: string, headers: Readonly<Record<string, string>>, body?: Uint8Array): void;
  write(bytes: string | Uint8Array): void;
  destroy(): void;
}

/** A broker that does what a test tells it to: it accepts connections itself, everything else is the script's. */
export class ScriptedBroker {
  readonly frames: Frame[] = [];
  onFrame: (frame: Frame, connection: ScriptedConnection) => void = () => {};
  port = 0;
  private readonly server = createServer((socket) => this.accept(socket));
  private readonly sockets = new Set<Socket>();
  private waiting: (() => void)[] = [];

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** The `count`th frame of this command, also one that has come. */
  async next(command: string, count = 1): Promise<Frame> {
    for (;;) {
      const frame = this.frames.filter((one) => one.command === command)[count - 1];
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    const connection: ScriptedConnection = {
      give: (command, headers, body = Buffer.alloc(0)) => {
        const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
        const head = `${command}\n${lines.join('')}content-length:${body.byteLength}\n\n`;
        socket.write(Buffer.concat([Buffer.from(head), body, Buffer.of(0)]));
      },
      write: (bytes) => socket.write(bytes),
      destroy: () => socket.destroy(),
    };
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const taken = takeFrame(rest);
        if (taken === undefined) return;
        rest = taken.rest;
        this.take(taken.frame, connection);
      }
    });
  }

  private take(frame: Frame, connection: ScriptedConnection): void {
    this.frames.push(frame);
    if (frame.command === 'CONNECT') connection.give('CONNECTED', { version: '1.2', 'heart-beat': '0,0' });
    else if (frame.command === 'DISCONNECT')
      connection.give('RECEIPT', { 'receipt-id': frame.headers.receipt });
    else this.onFrame(frame, connection);
    const { waiting } = this;
    this.waiting = [];
    for (const look of waiting) look();
  }
}

function takeFrame(bytes: Buffer): { frame: Frame; rest: Buffer<ArrayBuffer> } | undefined {
  let start = 0;
  while (bytes[start] === 10) start++;
  const end = bytes.indexOf('\n\n', start);
  if (end < 0) return undefined;
  const [command, ...lines] = bytes.toString('utf8', start, end).split('\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const from = end + 2;
  const length = headers['content-length'];
  const to = length === undefined ? bytes.indexOf(0, from) : from + Number(length);
  if (to < 0 || bytes.length <= to) return undefined;
  return {
    frame: { command, headers, body: bytes.subarray(from, to) },
    rest: Buffer.from(bytes.subarray(to + 1)),
  };
}

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What a sender sends, and how. */
export type SenderOrder =
  | { readonly transport: 'tcp'; readonly port: number; readonly bytes: number }
  | {
      readonly transport: 'udp';
      readonly port: number;
      readonly datagramsPerSecond: number;
      readonly seconds: number;
    };

/** What it did send: octets over TCP, datagrams over UDP. */
export interface SenderReport {
  readonly sent: number;
  readonly seconds: number;
}

/** Sends messages from a process of its own, so that only the collector's CPU time is measured here. */
export function runSender(messages: readonly Uint8Array[], order: SenderOrder): Promise<SenderReport> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stdin.end(Buffer.concat(messages));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(JSON.parse(printed)));
  });
}

async function sendTcp(octets: Buffer, port: number, bytes: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  let sent = 0;
  while (sent < bytes) {
    sent += octets.length;
    if (!socket.write(octets)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  await new Promise<void>((resolve) => socket.end(resolve));
  socket.resume();
  return sent;
}

/** As many as are due by the clock are sent at a time; what the system refuses is not counted. */
async function sendUdp(octets: Buffer, port: number, rate: number, seconds: number): Promise<number> {
  const messages: Buffer[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = octets.readUInt16BE(at + 2);
    messages.push(octets.subarray(at, at + length));
    at += length;
  }
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const start = performance.now();
  let tried = 0;
  let failed = 0;
  for (const total = rate * seconds; tried < total; ) {
    const due = Math.min(total, ((performance.now() - start) * rate) / 1000);
    let last: Promise<void> | undefined;
    for (; tried < due; tried++) {
      last = new Promise((resolve) =>
        socket.send(messages[tried % messages.length], (error) => {
          if (error) failed++;
          resolve();
        }),
      );
    }
    await last;
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.close();
  return tried - failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const order: SenderOrder = JSON.parse(process.argv[2]);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const octets = Buffer.concat(chunks);
  const start = performance.now();
  const sent =
    order.transport === 'tcp'
      ? await sendTcp(octets, order.port, order.bytes)
      : await sendUdp(octets, order.port, order.datagramsPerSecond, order.seconds);
  console.log(JSON.stringify({ sent, seconds: (performance.now() - start) / 1000 }));
}

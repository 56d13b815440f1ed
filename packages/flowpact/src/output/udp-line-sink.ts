import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { LineSink } from './line-sink.ts';

/** Datagrams handed to the system and not yet taken: `ready` waits for fewer than the first number. */
const readyInFlight = 256;
const maxInFlight = 8192;

/**
 * Each line a datagram. Nobody listening is no error, as always with UDP; lines longer than a datagram are dropped.
 * Both are counted.
 *
 * @param lineEnd ends a datagram: a line break as IPFIXcol sends its JSON, nothing for syslog (RFC 5426, section 3.1)
 */
export function createUdpLineSink(host: string, port: number, lineEnd: '\n' | '' = '\n'): LineSink {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  let inFlight = 0;
  let dropped = 0;
  let wake: (() => void) | undefined;
  socket.on('error', () => dropped++);

  const drainTo = (limit: number) =>
    inFlight <= limit
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          wake = () => {
            if (inFlight > limit) return;
            wake = undefined;
            resolve();
          };
        });

  return {
    open: true,
    get dropped() {
      return dropped;
    },
    get full() {
      return inFlight > maxInFlight;
    },
    write(line) {
      inFlight++;
      socket.send(`${line}${lineEnd}`, port, host, (error) => {
        inFlight--;
        if (error) dropped++;
        wake?.();
      });
    },
    ready: () => drainTo(readyInFlight),
    async close() {
      await drainTo(0);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

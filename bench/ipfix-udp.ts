import { performance } from 'node:perf_hooks';
import { createUdpCollector, createUdpReceiverGroup, type UdpCollector } from '@flowpact/ipfix';
import { encodeFlows, type FilteringSessions, filteringSessions, tcpOnly } from './ipfix-flows.ts';
import { runSender } from './ipfix-sender.ts';
import type { Benchmark } from './measure.ts';

/** Datagrams a second of all senders together, and for how long. */
const datagramsPerSecond = 60_000;
const seconds = 10;

/** Longest datagram, octets; the messages fill it as far as whole records go. */
const datagramBytes = 1340;

const receiveBufferBytes = 4 * 1024 * 1024;

const thousands = (value: number) => `${(value / 1000).toFixed(1)} k`;

/** How one way of receiving takes what so many exporters send. */
function receiving(
  id: string,
  exporters: number,
  createCollector: (sessions: FilteringSessions) => UdpCollector,
): Benchmark {
  let messages: readonly Uint8Array[] = [];
  const runs: string[] = [];
  const losses: number[] = [];
  return {
    id: `ipfix-udp/${id}`,
    unit: 'datagrams',
    warmups: 0,
    repeats: 3,
    setup() {
      messages = encodeFlows(tcpOnly, 20_000, datagramBytes);
    },
    async run() {
      const sessions = filteringSessions();
      const collector = createCollector(sessions);
      const { port } = await collector.start();
      try {
        const idle = performance.eventLoopUtilization();
        const before = process.cpuUsage();
        const reports = await Promise.all(
          Array.from({ length: exporters }, () =>
            runSender(messages, {
              transport: 'udp',
              port,
              datagramsPerSecond: datagramsPerSecond / exporters,
              seconds,
            }),
          ),
        );
        const { utilization } = performance.eventLoopUtilization(idle);
        const sent = reports.reduce((sum, report) => sum + report.sent, 0);
        await drain(collector, sent);
        const { user, system } = process.cpuUsage(before);
        const received = collector.stats.messages;
        const lasted = Math.max(...reports.map((report) => report.seconds));
        losses.push(sent - received);
        runs.push(
          `${thousands(sent / lasted)}/s sent, ${thousands(received / lasted)}/s received, ` +
            `${sent - received} of ${sent} lost (${await collector.kernelDrops()} by the kernel), ` +
            `${((user + system) / received).toFixed(1)} CPU s a million, this thread busy ${Math.round(100 * utilization)} %, ` +
            `${thousands(sessions.records() / lasted)} records/s`,
        );
        return received;
      } finally {
        await collector.stop();
      }
    },
    notes: () =>
      `lost at best ${Math.min(...losses)}; ${datagramBytes} octets, decoded and filtered\n    ${runs.join('\n    ')}`,
  };
}

/** Waits until everything that was not dropped has been read. */
async function drain(collector: UdpCollector, sent: number): Promise<void> {
  let last = -1;
  while (collector.stats.messages < sent && collector.stats.messages !== last) {
    last = collector.stats.messages;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const group = (receivers: number) => (sessions: FilteringSessions) =>
  createUdpReceiverGroup({ port: 0, receiveBufferBytes, receivers }, sessions);

export const benchmarks: readonly Benchmark[] = [
  receiving('this-thread', 1, (sessions) => createUdpCollector({ port: 0, receiveBufferBytes }, sessions)),
  receiving('1-receiver', 1, group(1)),
  receiving('2-exporters-this-thread', 2, (sessions) =>
    createUdpCollector({ port: 0, receiveBufferBytes }, sessions),
  ),
  receiving('2-exporters-1-receiver', 2, group(1)),
  receiving('2-exporters-2-receivers', 2, group(2)),
];

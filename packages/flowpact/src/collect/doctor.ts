import { type CollectorStats, describeAccounting } from '@flowpact/ipfix';
import type { Collection } from './collection.ts';
import { bufferRemark, type ListenerReport } from './listener.ts';

const count = (number: number, one: string) =>
  `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;

/** What can go wrong at a listener, and what to do about it. */
const listenerTroubles: readonly (readonly [keyof CollectorStats, what: string, remedy: string])[] = [
  [
    'droppedMessages',
    'datagram',
    'dropped because the output was slow or too many exporters send: try a faster output, --when-slow drop, or a filter',
  ],
  ['refusedSessions', 'exporter', 'turned away because as many as are allowed were there already'],
  [
    'failedHandshakes',
    'connection',
    'ended before it was secure: no TLS, or no certificate of the authorities in --tls-ca',
  ],
  ['failedSessions', 'session', 'broken off, silent for too long, or not of flow records'],
];

function describeListener(report: ListenerReport): string[] {
  const { url, stats, kernelDrops } = report;
  const troubles = listenerTroubles.flatMap(([name, what, remedy]) =>
    stats[name] === 0 ? [] : [`  ${count(stats[name], what)} ${remedy}`],
  );
  const kernel =
    kernelDrops === 0
      ? []
      : [
          `  ${count(kernelDrops, 'datagram')} dropped by the system because the receive buffer was full: raise net.core.rmem_max, or let less be done here (a filter, a simpler output)`,
        ];
  const remark = bufferRemark(report);
  const silent =
    stats.sessions === 0
      ? [
          '  nothing came: is this the address and port that the exporter sends to, and do firewalls let it through?',
          ...(/:\/\/(127\.|\[::1\])/.test(url)
            ? ['  only this host is heard here: listen on 0.0.0.0:PORT to hear others']
            : []),
        ]
      : [];
  return [
    `${url}: ${count(stats.sessions, 'exporter')}, ${count(stats.messages, 'message')}`,
    ...silent,
    ...kernel,
    ...troubles,
    ...(remark === undefined ? [] : [`  ${remark}`]),
  ];
}

/** How a collection went, in plain words: listeners, then each exporter, then the output. */
export async function describeCollection(
  { listeners, accounting }: Pick<Collection, 'listeners' | 'accounting'>,
  { outputDrops }: { readonly outputDrops: number },
): Promise<string[]> {
  const closed = await listeners();
  const exporters = accounting();
  return [
    ...closed.flatMap(describeListener),
    ...(exporters.length === 0 && closed.length > 0 ? [] : describeAccounting(exporters)),
    ...(outputDrops === 0
      ? []
      : [
          `output: ${count(outputDrops, 'record')} dropped because the receiver was slow or away, or a line did not fit into a datagram`,
        ]),
  ];
}

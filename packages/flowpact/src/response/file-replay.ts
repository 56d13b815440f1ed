import { octetsToAddress } from '@flowpact/event';
import {
  createFlowDecoder,
  createObjectReader,
  type FieldSelection,
  type RecordReader,
} from '@flowpact/ipfix';
import {
  compileMatch,
  type FlowAspect,
  type FlowReplay,
  readFlow,
  type TrafficFlow,
} from '@flowpact/response';
import { readFlowFiles } from '../input/read-flow-files.ts';

export interface FileReplayDeps {
  readonly signal: AbortSignal;
  /** What is wrong with a file, in words. */
  onIssue(place: string, code: string, message: string): void;
}

/**
 * The flows of IPFIX files and captures, read anew each time; flows that are alike are put together. Of more different ones
 * than may be, the first are kept.
 */
export function createFileReplay(files: readonly string[], { signal, onIssue }: FileReplayDeps): FlowReplay {
  return {
    async *replay({ fromMs, toMs, anyOf, aspects, limit }) {
      const tests = anyOf.map((match) => compileMatch(match));
      const alike = createAlike(aspects, limit);
      const take = (flow: TrafficFlow, startMs: number): void => {
        if (startMs < fromMs || startMs >= toMs) return;
        const read = readFlow(flow);
        if (read !== undefined && tests.some((test) => test(read) !== 'no')) alike.add(flow);
      };
      await readFlowFiles(files, {
        signal,
        openExporter: (place) =>
          createFlowDecoder(
            {},
            { reader: trafficReader(take), onIssue: ({ code, message }) => onIssue(place, code, message) },
          ),
        afterBatch: async () => !signal.aborted,
        onFailure: (file, { code, message }) => onIssue(file, code, message),
        onRemark: (file, what) => onIssue(file, 'FLOWPACT_NOT_READ', what),
      });
      yield* alike.batches();
    },
  };
}

const batchSize = 2_000;

type Sum = { -readonly [name in keyof TrafficFlow]: TrafficFlow[name] };

/** Adds up flows that are alike in their addresses and in what is asked for. */
function createAlike(aspects: readonly FlowAspect[], limit: number) {
  const sums = new Map<string, Sum>();
  const keyOf = (flow: TrafficFlow): string => {
    let key = `${flow.source} ${flow.destination}`;
    for (const aspect of aspects) {
      key += aspect === 'packetLength' ? ` ${flow.packets} ${flow.octets}` : ` ${flow[aspect]}`;
    }
    return key;
  };
  return {
    add(flow: TrafficFlow): void {
      const key = keyOf(flow);
      const known = sums.get(key);
      if (known !== undefined) {
        known.flows += flow.flows;
        known.packets += flow.packets;
        known.octets += flow.octets;
      } else if (sums.size < limit) sums.set(key, { ...flow });
    },
    *batches(): Generator<readonly TrafficFlow[]> {
      const all = [...sums.values()].sort((a, b) => b.octets - a.octets);
      for (let at = 0; at < all.length; at += batchSize) yield all.slice(at, at + batchSize);
    },
  };
}

const field = (name: string, as: FieldSelection['as'], ...ids: readonly number[]): FieldSelection => ({
  name,
  as,
  elements: ids.map((id) => ({
    pen: 0,
    id,
    ...(id === 27 || id === 28 ? { dataType: 'octetArray' as const } : {}),
  })),
});

const fields: readonly FieldSelection[] = [
  field('start', 'number', 152, 150, 154, 156),
  field('end', 'number', 153, 151, 155, 157),
  field('source4', 'number', 8),
  field('source6', 'native', 27),
  field('destination4', 'number', 12),
  field('destination6', 'native', 28),
  field('protocol', 'number', 4),
  field('sourcePort', 'number', 7, 180, 182),
  field('destinationPort', 'number', 11, 181, 183),
  field('tcpFlags', 'number', 6),
  field('packets', 'scaled', 2, 86),
  field('octets', 'scaled', 1, 85),
];

/** Makes a decoder tell traffic; what has no addresses is left out. */
export function trafficReader(onFlow: (flow: TrafficFlow, startMs: number) => void): RecordReader {
  return createObjectReader(
    { fields },
    {
      onRecord(found, header) {
        const record = found as Readonly<Record<string, number | Uint8Array | null>>;
        const number = (name: string): number | undefined => {
          const value = record[name];
          return typeof value === 'number' ? value : undefined;
        };
        const source = addressOf(record.source4, record.source6);
        const destination = addressOf(record.destination4, record.destination6);
        if (source === undefined || destination === undefined) return;
        const known = (['protocol', 'sourcePort', 'destinationPort', 'tcpFlags'] as const).flatMap((name) => {
          const value = number(name);
          return value === undefined ? [] : [[name, value] as const];
        });
        onFlow(
          {
            source,
            destination,
            ...Object.fromEntries(known),
            packets: number('packets') ?? 0,
            octets: number('octets') ?? 0,
            flows: 1,
          },
          number('start') ?? number('end') ?? header.exportTimeMs,
        );
      },
    },
  );
}

function addressOf(ipv4: unknown, ipv6: unknown): string | undefined {
  if (typeof ipv4 === 'number')
    return `${ipv4 >>> 24}.${(ipv4 >>> 16) & 255}.${(ipv4 >>> 8) & 255}.${ipv4 & 255}`;
  return ipv6 instanceof Uint8Array ? octetsToAddress(ipv6) : undefined;
}

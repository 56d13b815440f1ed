import {
  type CollectorDeps,
  compileFilter,
  createFlowDecoder,
  createIpfixEncoder,
  type FieldValue,
  type RecordReader,
} from '@flowpact/ipfix';

/** Octets of the elements of FlowCEP's templates. */
const lengths: Readonly<Record<number, number>> = {
  1: 8,
  2: 8,
  4: 1,
  6: 1,
  7: 2,
  8: 4,
  11: 2,
  12: 4,
  32: 2,
  60: 1,
  152: 8,
  153: 8,
};

const icmp = [1, 2, 4, 8, 12, 32, 60, 152, 153];
const udp = [1, 2, 4, 7, 8, 11, 12, 60, 152, 153];
const tcp = [1, 2, 4, 6, 7, 8, 11, 12, 60, 152, 153];

/** A template and how often its flows come. */
export interface FlowKind {
  readonly templateId: number;
  /** Elements of IANA. */
  readonly fields: readonly number[];
  readonly withUrl: boolean;
  /** Of a thousand flows. */
  readonly share: number;
}

/** Flows of the four kinds come as often as in FlowCEP's capture. */
export const flowcepMix: readonly FlowKind[] = [
  { templateId: 256, fields: icmp, withUrl: false, share: 178 },
  { templateId: 257, fields: udp, withUrl: false, share: 87 },
  { templateId: 258, fields: tcp, withUrl: false, share: 585 },
  { templateId: 259, fields: tcp, withUrl: true, share: 150 },
];

/** 12 fields, one of them a URL. */
export const httpOnly: readonly FlowKind[] = [{ templateId: 259, fields: tcp, withUrl: true, share: 1000 }];

/** 48 octets a record. */
export const tcpOnly: readonly FlowKind[] = [{ templateId: 258, fields: tcp, withUrl: false, share: 1000 }];

/** A generator of integers below a limit from a fixed seed (xorshift32). */
function createRandom(): (limit: number) => number {
  let state = 0x9e3779b9;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const startMs = 1_700_000_000_000;
const commonPorts = [80, 443, 443, 443, 53, 22, 8080];

/** Messages of flows from 2,000 sources, one in four of them in 10.0.0.0/8, to 1,700 destinations. */
export function encodeFlows(
  mix: readonly FlowKind[],
  count: number,
  maxMessageLength?: number,
): readonly Uint8Array[] {
  const random = createRandom();
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder(
    { maxMessageLength },
    { onMessage: (message) => messages.push(message) },
  );
  for (const { templateId, fields, withUrl } of mix) {
    const url = withUrl ? [{ pen: 39499, id: 2, length: 64 }] : [];
    encoder.defineTemplate({
      id: templateId,
      fields: [...fields.map((id) => ({ id, length: lengths[id] })), ...url],
    });
  }
  const sources = Array.from(
    { length: 2000 },
    () => (random(4) === 0 ? 0x0a000000 : 0x3b000000) + random(0x1000000),
  );
  const destinations = Array.from({ length: 1700 }, () => 0x741ac000 + random(0x10000));
  const urls = Array.from({ length: 1500 }, (_, i) => `/${'path/'.repeat(random(11))}${i}.php`);

  function fieldValue(id: number, flowMs: number, packets: number): FieldValue {
    switch (id) {
      case 1:
        return packets * 400;
      case 2:
        return packets;
      case 4:
        return random(3) === 0 ? 17 : 6;
      case 6:
        return random(64);
      case 8:
        return sources[random(sources.length)];
      case 11:
        return commonPorts[random(commonPorts.length)];
      case 12:
        return destinations[random(destinations.length)];
      case 60:
        return 4;
      case 152:
        return flowMs;
      case 153:
        return flowMs + random(10_000);
      default:
        return random(65536);
    }
  }

  for (let i = 0; i < count; i++) {
    let left = random(1000);
    const kind = mix.find(({ share }) => {
      left -= share;
      return left < 0;
    }) as FlowKind;
    const flowMs = startMs + i;
    const packets = 1 + random(200);
    const values = kind.fields.map((id) => fieldValue(id, flowMs, packets));
    if (kind.withUrl) values.push(urls[random(urls.length)]);
    encoder.addRecord(kind.templateId, values, Math.floor(flowMs / 1000) + 5);
  }
  encoder.flush(Math.floor(startMs / 1000) + 300);
  return messages;
}

let seen: unknown;

/** Keeps the result of a run alive, so that nothing is optimised away. */
export function see(value: unknown): void {
  seen = value;
}

export const lastSeen = (): string => String(seen);

/** A reader that does nothing with the records that reach it. */
export const counting: RecordReader = {
  compile: () => (_bytes, start, end) => {
    see(end - start);
    return 0;
  },
};

/** Sessions that are decoded, with a filter behind. */
export interface FilteringSessions extends CollectorDeps {
  /** Of all sessions, before the filter. */
  records(): number;
}

export function filteringSessions(): FilteringSessions {
  let records = 0;
  return {
    records: () => records,
    openSession() {
      const decoder = createFlowDecoder(
        {},
        { reader: compileFilter('dst port 80 and tcp').reader(counting) },
      );
      return {
        message(octets) {
          const before = decoder.stats.records;
          decoder.decode(octets);
          records += decoder.stats.records - before;
        },
      };
    },
  };
}

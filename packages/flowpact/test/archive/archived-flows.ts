import { createFlowDecoder, createIpfixEncoder, type FieldValue, type RecordReader } from '@flowpact/ipfix';

const exportTime = Date.UTC(2026, 10, 22, 13, 30) / 1000;

/** The same flows with every seed: IPv4 and IPv6, ICMP, flows of no duration, flows without ports. */
export function sampleMessages(count = 600): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
  const field = (id: number, length: number) => ({ id, length });
  const common = [field(152, 8), field(153, 8), field(1, 8), field(2, 8), field(4, 1)];
  const ipv4 = [field(8, 4), field(12, 4)];
  const ports = [field(7, 2), field(11, 2)];
  const routing = [
    field(10, 4),
    field(14, 4),
    field(16, 4),
    field(17, 4),
    field(15, 4),
    field(58, 2),
    field(5, 1),
  ];
  const url = { pen: 39499, id: 2, length: 16 };
  encoder.defineTemplate({ id: 256, fields: [...common, ...ipv4, ...ports, field(6, 2), ...routing] });
  encoder.defineTemplate({ id: 257, fields: [...common, field(27, 16), field(28, 16), ...ports] });
  encoder.defineTemplate({ id: 258, fields: [...common, ...ipv4, field(32, 2)] });
  encoder.defineTemplate({ id: 259, fields: [...common, ...ipv4, ...ports, url] });

  let state = 1;
  const random = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let i = 0; i < count; i++) {
    const start = exportTime * 1000 - random(1_000_000);
    const head: FieldValue[] = [start, start + random(3) * 1500, 40 * random(2000), random(40)];
    const v4 = [`10.${random(3)}.0.${random(8)}`, `192.0.2.${random(40)}`];
    const twoPorts = [random(2) === 0 ? 22 : 1024 + random(5), [22, 53, 80, 443][random(4)]];
    switch (i % 4) {
      case 0:
        encoder.addRecord(
          256,
          [
            ...head,
            6,
            ...v4,
            ...twoPorts,
            random(64),
            1,
            random(3),
            64496,
            64497,
            '10.0.0.254',
            7,
            random(2) * 8,
          ],
          exportTime,
        );
        break;
      case 1: {
        const v6 = [`2001:db8:${random(3)}::${random(4)}`, `2001:db8:ffff::${random(4)}`];
        encoder.addRecord(257, [...head, 17, ...v6, ...twoPorts], exportTime);
        break;
      }
      case 2:
        encoder.addRecord(258, [...head, 1, ...v4, 256 * [0, 3, 8][random(3)] + random(2)], exportTime);
        break;
      default:
        encoder.addRecord(259, [...head, 6, ...v4, ...twoPorts, `/login?${random(3)}'"`], exportTime);
    }
  }
  encoder.flush(exportTime);
  return messages;
}

/** Decodes the messages into the reader. */
export function decodeInto(reader: RecordReader, messages: readonly Uint8Array[]): void {
  const decoder = createFlowDecoder({}, { reader });
  for (const message of messages) decoder.decode(message);
}

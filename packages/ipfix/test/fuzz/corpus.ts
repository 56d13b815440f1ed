import { readdirSync, readFileSync } from 'node:fs';
import { createIpfixEncoder, type FieldValue } from '../../src/index.ts';
import { elementRows } from '../../src/registry/elements.generated.ts';
import { readDatagrams } from '../capture/pcap.ts';
import { hasShared, sharedFolder } from '../capture/shared-data.ts';

type Field = {
  readonly pen: number;
  readonly id: number;
  readonly length: number;
  readonly value: FieldValue;
};

/** One element of each data type, and some of other lengths than the type's own. */
const everyType: readonly Field[] = [
  { pen: 0, id: 1, length: 8, value: 2n ** 60n },
  { pen: 0, id: 2, length: 3, value: 77 },
  { pen: 0, id: 4, length: 1, value: 6 },
  { pen: 0, id: 6, length: 1, value: 27 },
  { pen: 0, id: 7, length: 2, value: 80 },
  { pen: 0, id: 8, length: 4, value: '192.0.2.1' },
  { pen: 0, id: 27, length: 16, value: '2001:db8::1' },
  { pen: 0, id: 56, length: 6, value: '00:00:5e:00:53:01' },
  { pen: 0, id: 82, length: 65535, value: 'eth0' },
  { pen: 0, id: 83, length: 12, value: 'uplink' },
  { pen: 0, id: 150, length: 4, value: 1700000000000 },
  { pen: 0, id: 152, length: 8, value: 1700000000001 },
  { pen: 0, id: 153, length: 8, value: 1700000000002 },
  { pen: 0, id: 154, length: 8, value: 1700000000003.5 },
  { pen: 0, id: 156, length: 8, value: 1700000000004 },
  { pen: 0, id: 276, length: 1, value: true },
  { pen: 0, id: 291, length: 65535, value: Uint8Array.of(3, 0, 4, 0, 1, 6) },
  { pen: 0, id: 313, length: 5, value: Uint8Array.of(1, 2, 3, 4, 5) },
  { pen: 0, id: 320, length: 8, value: 1.5 },
  { pen: 0, id: 434, length: 2, value: -2 },
  { pen: 39499, id: 2, length: 64, value: '/wp-login.php' },
  { pen: 4242, id: 7, length: 65535, value: new Uint8Array(300) },
];

/** Messages that the encoder makes: templates, options templates, withdrawals, records of all types. */
function encodedMessages(): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder(
    { maxMessageLength: 1400 },
    { onMessage: (message) => messages.push(message) },
  );
  for (let first = 0; first < everyType.length; first += 4) {
    const fields = [...everyType.slice(first), ...everyType.slice(0, first)].slice(0, 9);
    const id = 256 + first;
    encoder.defineTemplate({ id, fields, scopeFieldCount: first % 8 === 4 ? 1 : undefined });
    for (let i = 0; i < 4; i++)
      encoder.addRecord(
        id,
        fields.map(({ value }) => value),
        1700000000 + i,
      );
    if (first % 12 === 8) encoder.withdrawTemplate(id);
  }
  encoder.flush(1700000010);
  return messages;
}

function capturedMessages(): Uint8Array[] {
  if (!hasShared) return [];
  const files = readdirSync(`${sharedFolder}captures`).filter((name) => name.endsWith('.pcap'));
  return files.flatMap((name) => {
    const datagrams = [...readDatagrams(readFileSync(`${sharedFolder}captures/${name}`))];
    return datagrams.slice(0, 20).map(({ payload }) => Uint8Array.from(payload));
  });
}

/** What is mutated: our own messages, and those of real exporters where they are at hand. */
export const corpus: readonly Uint8Array[] = [...encodedMessages(), ...capturedMessages()];

/** Every element there is, for a reader that looks at all of them. */
export const allElements = elementRows.map(([pen, id]) => ({ pen, id }));

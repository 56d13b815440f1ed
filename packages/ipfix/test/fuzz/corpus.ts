import { readdirSync, readFileSync } from 'node:fs';
import { createIpfixEncoder, type FieldValue } from '../../src/index.ts';
import { elementRows } from '../../src/registry/elements.generated.ts';
import { readDatagrams } from '../capture/pcap.ts';
import { hasShared, sharedFolder } from '../capture/shared-data.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';
import {
  fixedBeginning,
  fixedOctets,
  v9Octets,
  v9OptionsTemplate,
  v9Template,
} from '../netflow/netflow-octets.ts';

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

/** Messages of NetFlow, and of IPFIX with what the encoder does not make: lists, biflows, type information. */
export function handMadeMessages(): readonly Uint8Array[] {
  const v5Record = [...fixedBeginning(1_000_000), ...new Array(12).fill(7)];
  const lists = templateOctets(256, [
    [291, 65535],
    [292, 65535],
    [293, 65535],
    [7, 2],
    [1, 4],
    [1, 4, 29305],
  ]);
  const nested = templateOctets(257, [
    [292, 65535],
    [7, 2, 4242],
  ]);
  const typeInformation = templateOctets(
    258,
    [
      [346, 4],
      [303, 2],
      [339, 1],
      [341, 65535],
    ],
    2,
  );
  const samplers = v9OptionsTemplate(
    300,
    [[1, 4]],
    [
      [48, 1],
      [34, 4],
      [82, 8],
      [10, 4],
      [95, 4],
      [96, 4],
    ],
  );
  return [
    fixedOctets(5, { count: 3, last: [1, 2, 0x40, 9] }, v5Record, v5Record, v5Record),
    fixedOctets(7, { count: 1 }, [...v5Record, 1, 2, 3, 4]),
    fixedOctets(1, { count: 1 }, [...v5Record, 1, 2, 3, 4]),
    v9Octets(
      {},
      setOctets(1, samplers),
      setOctets(300, hex('00000000 01 00000064 6574683000000000 00000005 0d000001 646e7300')),
    ),
    v9Octets(
      { sequenceNumber: 1 },
      setOctets(
        0,
        v9Template(301, [
          [22, 4],
          [21, 4],
          [48, 1],
          [1, 4],
          [10, 4],
          [95, 4],
          [82, 65535],
        ]),
      ),
      setOctets(301, hex('000f3e58 000f4240 01 00000100 00000005 0d000001 0161')),
    ),
    messageOctets(
      {},
      setOctets(2, [...lists, ...nested]),
      setOctets(257, hex('0b 03 0101 05 03 0101 00 0001 0050 0007')),
      setOctets(
        256,
        hex(
          '09 03 0007 0002 0050 01bb 08 03 0101 03 03 0101 0009 0a 03 0101 0009 02 0301 0001 0050 00000064 00000065',
        ),
      ),
    ),
    messageOctets(
      {},
      setOctets(3, typeInformation),
      setOctets(258, hex('00001092 0007 02 04 706f7274')),
      setOctets(256, hex('00 00 00 0050 00000064 00000000')),
    ),
  ];
}

/** What is mutated: messages of our own, and those of real exporters where they are at hand. */
export const corpus: readonly Uint8Array[] = [
  ...encodedMessages(),
  ...handMadeMessages(),
  ...capturedMessages(),
];

/** Every element there is, for a reader that looks at all of them. */
export const allElements = [
  ...elementRows.map(([pen, id]) => ({ pen, id })),
  ...elementRows.filter(([pen]) => pen === 0).map(([, id]) => ({ pen: 29305, id })),
];

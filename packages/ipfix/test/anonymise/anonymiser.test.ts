import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCryptoPan } from '../../src/anonymise/crypto-pan.ts';
import {
  type AnonymiserConfig,
  createAnonymiser,
  createFlowDecoder,
  createIpfixEncoder,
  createLineReader,
  type FieldValue,
  IpfixError,
} from '../../src/index.ts';
import { recordBatch } from '../message/arbitrary-records.ts';
import { messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

let folder: string;
let keyFile: string;
const key = Buffer.from('32-char-str-for-AES-key-and-pad.');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-key-'));
  keyFile = join(folder, 'key');
  await writeFile(keyFile, key);
});
afterAll(() => rm(folder, { recursive: true }));

type Field = { pen?: number; id: number; length: number };

function linesOf(
  config: AnonymiserConfig | undefined,
  fields: readonly Field[],
  records: readonly (readonly FieldValue[])[],
  scopeFieldCount?: number,
) {
  const lines: Record<string, unknown>[] = [];
  const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(JSON.parse(line)) });
  const decoder = createFlowDecoder(
    {},
    { reader: config === undefined ? reader : createAnonymiser(config).reader(reader) },
  );
  const encoder = createIpfixEncoder(
    { maxMessageLength: 65535 },
    { onMessage: (message) => decoder.decode(message) },
  );
  encoder.defineTemplate({ id: 256, fields, scopeFieldCount });
  for (const record of records) encoder.addRecord(256, record, 1_700_000_000);
  encoder.flush(1_700_000_000);
  return lines.map(({ exportTime, observationDomainId, templateId, ...rest }) => rest);
}

const fields = [
  { pen: 39499, id: 2, length: 65535 },
  { id: 8, length: 4 },
  { id: 12, length: 4 },
  { id: 28, length: 16 },
  { id: 56, length: 6 },
  { id: 1, length: 8 },
  { id: 313, length: 65535 },
  { pen: 99999, id: 1, length: 2 },
  { id: 11, length: 2 },
];
const record = (url: string, port: number): FieldValue[] => [
  url,
  '192.0.2.1',
  '10.1.2.3',
  '2001:db8::1',
  '00:00:5e:00:53:01',
  12345678901,
  Uint8Array.of(1, 2, 3),
  Uint8Array.of(4, 5),
  port,
];

describe('createAnonymiser', () => {
  it('hides addresses and removes what may hold any, and leaves the rest alone', () => {
    const long = `/${'x'.repeat(300)}`;
    const lines = linesOf({ keyFile }, fields, [record('/login', 80), record('', 443), record(long, 0)]);
    expect(lines[0]).toEqual({
      httpUrl: '/login',
      sourceIPv4Address: '192.0.125.244',
      destinationIPv4Address: expect.not.stringMatching(/^10\.1\.2\.3$/),
      destinationIPv6Address: '27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd',
      octetDeltaCount: 12345678901,
      destinationTransportPort: 80,
    });
    expect(lines.map(({ httpUrl, destinationTransportPort: port }) => [httpUrl, port])).toEqual([
      ['/login', 80],
      ['', 443],
      [long, 0],
    ]);
  });

  it('treats each field as told', () => {
    const config = {
      ipv4Addresses: 'truncate:24',
      ipv6Addresses: 'truncate:33',
      macAddresses: 'truncate:24',
      packetsAndLists: 'keep',
      unknownFields: 'keep',
      fields: { destinationIPv4Address: 'truncate:9', HTTPRequestURL: 'remove', e99999id1: 'remove' },
    } as const;
    expect(linesOf(config, fields, [record('/login', 80)])).toEqual([
      {
        sourceIPv4Address: '192.0.2.0',
        destinationIPv4Address: '10.0.0.0',
        destinationIPv6Address: '2001:db8::',
        sourceMacAddress: '00:00:5e:00:00:00',
        octetDeltaCount: 12345678901,
        ipHeaderPacketSection: '010203',
        destinationTransportPort: 80,
      },
    ]);
  });

  it('lets no address pass whose length is not that of one', () => {
    const lines: string[] = [];
    const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(line) });
    const decoder = createFlowDecoder({}, { reader: createAnonymiser({ keyFile }).reader(reader) });
    const template = templateOctets(256, [
      [8, 3],
      [11, 2],
    ]);
    decoder.decode(messageOctets({}, setOctets(2, template), setOctets(256, [192, 0, 2, 0, 80])));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ destinationTransportPort: 80 }]);
    expect(lines[0]).not.toContain('sourceIPv4Address');
  });

  it('changes nothing where everything is kept, whatever the records are', () => {
    const keep = { ipv4Addresses: 'keep', ipv6Addresses: 'keep', macAddresses: 'keep' } as const;
    // One removed field in front makes the others move.
    const config = {
      ...keep,
      packetsAndLists: 'keep',
      unknownFields: 'keep',
      fields: { e4242424242id7: 'remove' },
    } as const;
    fc.assert(
      fc.property(recordBatch, ({ fields, records, scopeFieldCount }) => {
        const plain = linesOf(undefined, fields, records, scopeFieldCount);
        const marked = [{ pen: 4242424242, id: 7, length: 3 }, ...fields];
        const extended = records.map((values) => [Uint8Array.of(1, 2, 3), ...values]);
        expect(
          linesOf(config, marked, extended, scopeFieldCount === undefined ? undefined : scopeFieldCount + 1),
        ).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('says nothing of records of which nothing remains', () => {
    expect(linesOf({ keyFile }, [{ id: 56, length: 6 }], [['00:00:5e:00:53:01']])).toEqual([]);
  });

  it('takes the key from a file alone, in either form', async () => {
    const hexFile = join(folder, 'hex');
    await writeFile(hexFile, `${key.toString('hex').toUpperCase().replace(/.{16}/g, '$&\n')}\n`);
    const one = [{ id: 8, length: 4 }];
    expect(linesOf({ keyFile: hexFile }, one, [['192.0.2.1']])).toEqual([
      { sourceIPv4Address: '192.0.125.244' },
    ]);
    expect(createCryptoPan(key).ipv4(0xc0000201)).toBe(0xc0007df4);
    await writeFile(hexFile, 'short');
    expect(() => createAnonymiser({ keyFile: hexFile })).toThrow('64 hexadecimal digits');
    expect(() => createAnonymiser({ keyFile: join(folder, 'none') })).toThrow(IpfixError);
    expect(() => createAnonymiser({})).toThrow('needs a key');
    expect(() => createAnonymiser({ ipv4Addresses: 'remove', ipv6Addresses: 'keep' })).not.toThrow();
  });

  it.each([
    [{ fields: { sourceIPv4Adress: 'remove' } }, 'did you mean "sourceIPv4Address"?'],
    [{ fields: { octetDeltaCount: 'prefix-preserving' } }, 'octetDeltaCount cannot be treated'],
    [{ ipv4Addresses: 'truncate:33' }, 'ipv4Addresses cannot be treated'],
    [{ macAddresses: 'prefix-preserving' }, 'macAddresses cannot be treated'],
    [{ ipv6Addresses: 'blur' }, '"blur"'],
  ] as const)('refuses %j', (config, message) => {
    expect(() => createAnonymiser({ keyFile, ...(config as AnonymiserConfig) })).toThrow(message);
  });
});

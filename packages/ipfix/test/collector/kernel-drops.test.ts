import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readKernelDrops } from '../../src/collector/kernel-drops.ts';

const header =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const row = (local: string, drops: number) =>
  `  12: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 97 2 0000000000000000 ${drops}`;

const from = (tables: Readonly<Record<string, string>>) => ({
  async readText(path: string) {
    if (tables[path] === undefined) throw new Error('no such file');
    return tables[path];
  },
});

describe.skipIf(endianness() !== 'LE')('readKernelDrops (on little-endian hosts)', () => {
  const tables = {
    '/proc/net/udp': [header, row('0100007F:1283', 7), row('0100007F:1283', 5), row('00000000:1283', 1)].join(
      '\n',
    ),
    '/proc/net/udp6': [header, row('B80D0120000000000000000001000000:0035', 3)].join('\n'),
  };

  it('finds the sockets of an address and port', async () => {
    expect(await readKernelDrops({ address: '127.0.0.1', port: 4739 }, from(tables))).toBe(12);
    expect(await readKernelDrops({ address: '0.0.0.0', port: 4739 }, from(tables))).toBe(1);
    expect(await readKernelDrops({ address: '2001:db8::1', port: 53 }, from(tables))).toBe(3);
  });

  it('says that it does not know', async () => {
    expect(await readKernelDrops({ address: '127.0.0.1', port: 1 }, from(tables))).toBeUndefined();
    expect(await readKernelDrops({ address: '127.0.0.1', port: 4739 }, from({}))).toBeUndefined();
    const old = { '/proc/net/udp': tables['/proc/net/udp'].replace('drops', '') };
    expect(await readKernelDrops({ address: '127.0.0.1', port: 4739 }, from(old))).toBeUndefined();
  });
});

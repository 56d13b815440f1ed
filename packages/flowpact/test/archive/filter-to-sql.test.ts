import { join } from 'node:path';
import { compileFilter } from '@flowpact/ipfix';
import { createFlowArchive, createStore, rowsOf } from '@flowpact/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extraColumn } from '../../src/archive/archive-column.ts';
import { createArchiveReader } from '../../src/archive/archive-reader.ts';
import { filterToSql } from '../../src/archive/filter-to-sql.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { decodeInto, sampleMessages } from './archived-flows.ts';

const directory = temporaryFolder();
const messages = sampleMessages();
const store = createStore({ directory, access: 'read' });
const archive = createFlowArchive({
  directory: join(directory, 'flows'),
  extraColumns: [extraColumn('HTTPRequestURL')],
});

beforeAll(async () => {
  await archive.start();
  decodeInto(createArchiveReader(archive, '127.0.0.1'), messages);
  await archive.stop();
  await store.start();
});
afterAll(() => store.stop());

/** How many flows pass while they are decoded. */
function passedByFilter(text: string): number {
  const reader = compileFilter(text).reader({ compile: () => () => 0 });
  decodeInto(reader, messages);
  return reader.stats.passed;
}

/** How many flows of the archive pass. */
async function passedBySql(text: string): Promise<number> {
  const condition = filterToSql(compileFilter(text).expression, archive.columns);
  const [[, flows] = [0, 0]] = await rowsOf(await store.timeLine({ bucketMs: 10 ** 12, condition }));
  return Number(flows);
}

describe('a filter of the archive lets the same flows pass as while they come', () => {
  it.each([
    'any',
    'ipv4',
    'ipv6',
    'not ipv6',
    'tcp',
    'proto in [1 17]',
    'host 10.1.0.3',
    'src net 10.1.0.0/16',
    'src net 10.0.0.0/8 and dst port 22',
    'src or dst net 192.0.2.32/27',
    'src and dst net 10/8',
    'net 0.0.0.0/0',
    'dst ip in [192.0.2.1 192.0.2.7 2001:db8:ffff::2]',
    'src net 2001:db8:1::/48',
    'net 2001:db8::/33',
    'net ::/0',
    'not host 2001:db8::1',
    'port 22',
    'not port 22',
    'port != 22',
    'not src port != 22',
    'src port in [22 1024] and not dst port 443',
    'portrange 53-443',
    'packets > 20',
    'bytes >= 40k',
    'bytes = 0',
    'not bytes > 18446744073709551615',
    'bps > 10k',
    'not bps > 10k',
    'pps > 5',
    'bpp < 100',
    'duration > 1500',
    'duration = 0',
    'flags S and not flags A',
    'not flags S',
    'flags 0',
    'tos 8',
    'tos != 8',
    'in if 1 and out if 2',
    'if 2',
    'as 64496',
    'src as 64497 or dst as 64497',
    'vlan 7',
    'next ip 10.0.0.254',
    'icmp-type 3',
    'icmp-type 8 and icmp-code 1',
    'not icmp-code 0',
    'ie flowStartMilliseconds >= 2026-11-22T13:20:00Z',
    `ie HTTPRequestURL contains "login?1'"`,
    'ie HTTPRequestURL != "/login"',
    'ie HTTPRequestURL = "/login?2\'"',
    `not ie HTTPRequestURL contains "login"`,
    '(tcp or udp) and not (dst port 53 or src net 10.2.0.0/16)',
  ])('%s', async (text) => {
    expect(await passedBySql(text)).toBe(passedByFilter(text));
  });

  it('refuses what is not kept, by name', () => {
    const { expression } = compileFilter('ie minimumTTL > 3');
    expect(() => filterToSql(expression, archive.columns)).toThrow('element 52');
  });
});

import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { parseIpv4, parseIpv6 } from '../record/parse-address.ts';

export interface KernelDropsDeps {
  /** Reads a file as text; default: from the file system. */
  readText?(path: string): Promise<string>;
}

/**
 * Datagrams that Linux dropped for the UDP sockets bound to an address and port, most often because their receive
 * buffer was full; from `/proc/net/udp` or `udp6`. Undefined where the system does not say.
 */
export async function readKernelDrops(
  { address, port }: { readonly address: string; readonly port: number },
  { readText = (path) => readFile(path, 'utf8') }: KernelDropsDeps = {},
): Promise<number | undefined> {
  let table: string;
  try {
    table = await readText(`/proc/net/${isIPv6(address) ? 'udp6' : 'udp'}`);
  } catch {
    return undefined;
  }
  const [header, ...rows] = table.trimEnd().split('\n');
  // The column is there since Linux 2.6.27.
  if (!/\bdrops\s*$/.test(header)) return undefined;
  const local = `${addressKey(address)}:${hex(port, 4)}`;
  const drops = rows.map((row) => row.trim().split(/\s+/)).filter((columns) => columns[1] === local);
  if (drops.length === 0) return undefined;
  return drops.reduce((sum, columns) => sum + Number(columns[columns.length - 1]), 0);
}

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

/** An address as these tables print it: 32-bit words in the order of octets of the host. */
function addressKey(address: string): string {
  const ipv4 = parseIpv4(address);
  const groups = parseIpv6(address) ?? [];
  const words =
    ipv4 === undefined ? [0, 2, 4, 6].map((i) => ((groups[i] << 16) | groups[i + 1]) >>> 0) : [ipv4];
  return words.map((word) => hex(endianness() === 'LE' ? swapped(word) : word, 8)).join('');
}

const swapped = (word: number) =>
  (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

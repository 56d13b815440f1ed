import { open } from 'node:fs/promises';

/** What a file of flows may be; `messages` is an IPFIX file, and whatever its reader will refuse. */
export type FlowFileKind = 'messages' | 'capture' | 'lines';

/** Tells by the first octets, or, where the file is compressed or cannot be looked into, by its name. */
export async function flowFileKind(file: string): Promise<FlowFileKind> {
  if (/\.(pcap|pcapng|cap)\.(gz|zst)$/i.test(file)) return 'capture';
  if (/\.(ndjson|jsonl|json)\.(gz|zst)$/i.test(file)) return 'lines';
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return 'messages';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return kindOfStart(buffer.subarray(0, bytesRead));
  } catch {
    return 'messages';
  } finally {
    await handle.close();
  }
}

/** pcap in either byte order, with micro- or nanoseconds; the section header block of pcapng. */
const captureMagics = ['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a'];

export function kindOfStart(start: Uint8Array): FlowFileKind {
  const magic = Buffer.from(start.subarray(0, 4)).toString('hex');
  if (captureMagics.includes(magic)) return 'capture';
  return magic.startsWith('7b22') ? 'lines' : 'messages'; // {"
}

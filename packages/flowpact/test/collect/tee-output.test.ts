import { createFlowDecoder, createIpfixEncoder } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { createLineOutput, type LineFormat } from '../../src/collect/line-output.ts';
import { createTeeOutput } from '../../src/collect/tee-output.ts';
import type { LineSink } from '../../src/output/line-sink.ts';

function memorySink(
  state: { open?: boolean; failure?: Error } = {},
): LineSink & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    open: state.open ?? true,
    full: false,
    dropped: 2,
    write: (line) => lines.push(line),
    ready: () => Promise.resolve(),
    close: () => (state.failure === undefined ? Promise.resolve() : Promise.reject(state.failure)),
  };
}

const raw: LineFormat = { style: 'ipfixcol', options: { tcpFlags: 'raw' } };
const csv: LineFormat = { style: 'csv', columns: ['tcpFlags'] };

describe('several outputs', () => {
  it('get every record in their own style', async () => {
    const [one, two] = [memorySink(), memorySink()];
    const output = createTeeOutput([
      createLineOutput({ format: raw }, { sink: one }),
      createLineOutput({ format: csv }, { sink: two }),
    ]);
    const session = output.openSession({ exporterAddress: undefined });
    const decoder = createFlowDecoder({}, { reader: session.reader });
    const encoder = createIpfixEncoder({}, { onMessage: (message) => decoder.decode(message) });
    encoder.defineTemplate({ id: 256, fields: [{ id: 6, length: 1 }] });
    encoder.addRecord(256, [2], 1_700_000_000);
    encoder.addRecord(256, [18], 1_700_000_000);
    encoder.flush(1_700_000_000);
    session.end();
    await output.ready();
    await output.close();
    expect(one.lines).toEqual([
      '{"@type": "ipfix.entry", "ipfix.tcpControlBits": 2}',
      '{"@type": "ipfix.entry", "ipfix.tcpControlBits": 18}',
    ]);
    expect(two.lines).toEqual(['2', '18']);
    expect(decoder.stats.records).toBe(2);
    expect({ records: output.records, dropped: output.dropped }).toEqual({ records: 4, dropped: 4 });
  });

  it('are open as long as one is, and fail where one does', async () => {
    const failure = new Error('disk full');
    const outputs = [{ open: false }, { failure }].map((state) =>
      createLineOutput({ format: csv }, { sink: memorySink(state) }),
    );
    const output = createTeeOutput(outputs);
    expect(output.open).toBe(true);
    await expect(output.close()).rejects.toBe(failure);
  });
});

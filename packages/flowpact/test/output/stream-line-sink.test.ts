import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createStreamLineSink } from '../../src/output/stream-line-sink.ts';

describe('createStreamLineSink', () => {
  it('writes every line in order and ends the stream', async () => {
    const stream = new PassThrough();
    const all = text(stream);
    const sink = createStreamLineSink(stream, { name: 'test', end: true });
    for (let i = 0; i < 10_000; i++) {
      sink.write(`line ${i}`);
      if (i % 100 === 0) await sink.ready();
    }
    await sink.close();
    expect(await all).toBe(Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(''));
  });

  it('waits for a slow reader', async () => {
    const held: (() => void)[] = [];
    const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void held.push(done) });
    const sink = createStreamLineSink(slow, { name: 'test', end: true, maxPendingBytes: 150_000 });
    sink.write('x'.repeat(100_000));
    expect(sink.full).toBe(false);
    sink.write('x'.repeat(100_000));
    expect(sink.full).toBe(true);
    let ready = false;
    const waiting = sink.ready().then(() => {
      ready = true;
    });
    await new Promise(setImmediate);
    expect(ready).toBe(false);
    while (!ready) {
      held.shift()?.();
      await new Promise(setImmediate);
    }
    await waiting;
    expect(sink.full).toBe(false);
  });

  it('closes quietly when the reader went away, and with an error when the disk is full', async () => {
    const failing = (code: string) =>
      new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: no`), { code })),
      });
    const pipe = createStreamLineSink(failing('EPIPE'), { name: 'a pipe', end: true });
    pipe.write('x');
    await pipe.close();
    expect(pipe.open).toBe(false);

    const remote = createStreamLineSink(failing('EPIPE'), { name: 'tcp', end: true, leavingIsFailure: true });
    remote.write('x');
    await expect(remote.close()).rejects.toMatchObject({
      message: expect.stringMatching(/tcp: .*the receiver closed the connection/),
    });

    const disk = createStreamLineSink(failing('ENOSPC'), { name: 'out.ndjson', end: true });
    disk.write('x');
    await expect(disk.close()).rejects.toMatchObject({
      code: 'FLOWPACT_FILE',
      message: expect.stringContaining('out.ndjson'),
    });
  });
});

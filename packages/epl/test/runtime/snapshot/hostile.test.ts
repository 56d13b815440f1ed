import { crc32 } from 'node:zlib';
import { createRuntime, EplError } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './same-state.ts';
import { compiled, type Started, start } from './start.ts';

/** A module with state of most kinds. */
const module = compiled(`
  create schema Flow(src string, dst string, octets long, tags string[]);
  create schema Alert(src string, sev int);
  create variable long lim = 3;
  create window W#time(1 min) as Flow;
  create table T(src string primary key, n count(*), o sum(long));
  create context C partition by src from Flow, src from Alert;
  create context D initiated by Alert as a terminated after 1 min;
  @Name('in') insert into W select * from Flow;
  @Name('set') on Alert set lim = sev;
  @Name('into') into table T select count(*) as n, sum(octets) as o from Flow#length(4) group by src;
  @Name('group') select src, count(*) as n, max(octets) as m, window(octets) as w from Flow#time(30 sec) group by src;
  @Name('batch') select src, sum(octets) as o from Flow#time_batch(10 sec) group by src;
  @Name('rollup') select src, dst, count(*) as n from Flow#length(5) group by rollup(src, dst);
  @Name('first') select src, count(*) as n from Flow group by src output last every 5 sec;
  @Name('join') select f.dst as d, a.sev as v from Flow#length(3) as f, Alert#unique(src) as a where f.src = a.src;
  @Name('outer') select f.dst as d from Flow#lastevent as f left outer join W as w on f.dst = w.src;
  @Name('sub') select (select max(sev) from Alert#keepall) as v, prev(1, octets) as p, prior(2, octets) as q from Flow#length(6);
  @Name('pattern') select b.octets as o from pattern [every a=Alert -> (b=Flow(src = a.src) where timer:within(20 sec))];
  @Name('until') select a[0].octets as o from pattern [every [2] a=Flow until Alert];
  @Name('recognize') select * from Flow match_recognize (partition by src measures a.octets as x, last(b.octets) as y
    pattern (a b+ c) define b as b.octets > 1, c as c.octets > a.octets);
  @Name('keyed') context C select count(*) as n, context.key1 as k from Flow#keepall;
  @Name('span') context D select context.a.sev as v, count(*) as n from Flow output all when terminated;
  @Name('sorted') select octets from Flow#sort(3, octets desc);
  @Name('both') select octets from Flow#length(4)#unique(src) retain-union;
  @Name('windows') select octets from Flow#groupwin(src)#length(2);
  @Name('expr') select octets from Flow#expr(sum(octets) < 20);
  @Name('delete') on Alert delete from W where W.src = Alert.src;
`);

function filled(): Started {
  const at = start(module);
  for (let i = 0; i < 30; i++) {
    at.runtime.advanceTime(i * 700);
    at.runtime.sendEvent('Flow', {
      src: `h${i % 3}`,
      dst: `h${(i * 7) % 4}`,
      octets: (i * 5) % 11,
      tags: ['x', `y${i}`],
    });
    if (i % 4 === 0) at.runtime.sendEvent('Alert', { src: `h${i % 3}`, sev: i % 5 });
  }
  return at;
}

const fresh = start(module);

const headBytes = 12;

/** The same with a checksum that fits. */
function sealed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  if (copy.length >= headBytes)
    new DataView(copy.buffer).setUint32(headBytes - 4, crc32(copy.subarray(headBytes)), true);
  return copy;
}

function failureOf(action: () => unknown): EplError {
  try {
    action();
  } catch (error) {
    if (error instanceof EplError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('bytes that are no good snapshot', () => {
  const good = filled().runtime.snapshot();

  it('are refused, and leave the runtime as it was', () => {
    const at = start(module);
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /no snapshot/],
      [new TextEncoder().encode('EPLSNAP'), /no snapshot/],
      [new TextEncoder().encode('something else entirely'), /no snapshot/],
      [good.subarray(0, good.length - 1), /checksum/],
      [good.map((byte, i) => (i === good.length >> 1 ? byte ^ 1 : byte)), /checksum/],
      [good.map((byte, i) => (i === 7 ? byte + 1 : byte)), /version 4, and only version 3/],
      [sealed(good.subarray(0, good.length >> 1)), /damaged|does not fit/],
    ];
    for (const [bytes, message] of cases) {
      const failure = failureOf(() => at.runtime.restore(bytes));
      expect(failure.code).toBe('EPL_SNAPSHOT');
      expect(failure.message).toMatch(message);
    }
    expect(differenceOf(start(module).runtime, at.runtime)).toBeUndefined();
    expect(at.runtime.restore(good).statements.every(({ outcome }) => outcome === 'restored')).toBe(true);
    expect(differenceOf(filled().runtime, at.runtime)).toBeUndefined();
  });

  it('are refused where they are too long', () => {
    const limits = { maxSnapshotBytes: 1000 };
    const failure = failureOf(() => createRuntime({ limits }).restore(good));
    expect(failure.code).toBe('EPL_LIMIT');
    const at = start(module, {}, { limits });
    expect(failureOf(() => at.runtime.snapshot()).code).toBe('EPL_LIMIT');
  });

  it('are refused once events have been taken, and inside of a listener', () => {
    const at = filled();
    expect(failureOf(() => at.runtime.restore(good)).code).toBe('EPL_USAGE');
    const codes: string[] = [];
    const other = start(module);
    other.runtime.onStatementError(({ error }) => codes.push((error.cause as EplError).code));
    const deployment = other.runtime.deploy(compiled("create schema X(a int); @Name('x') select * from X"));
    deployment.statement('x')?.addListener(() => {
      codes.push(failureOf(() => other.runtime.snapshot()).code);
    });
    other.runtime.sendEvent('X', { a: 1 });
    expect(codes).toEqual(['EPL_USAGE']);
  });

  it('with a checksum that fits are refused or restored; the runtime goes on either way', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    const prototype = Object.getOwnPropertyNames(Object.prototype).length;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.nat(), (mutations, cut) => {
        const bytes = good.slice(0, cut % 10 === 0 ? headBytes + (cut % good.length) : good.length);
        for (const { at, byte } of mutations)
          if (bytes.length > headBytes) bytes[headBytes + (at % (bytes.length - headBytes))] = byte;
        const at = start(module);
        try {
          at.runtime.restore(sealed(bytes));
        } catch (error) {
          if (!(error instanceof EplError)) throw error;
          expect(error.code).toBe('EPL_SNAPSHOT');
          refused++;
          expect(differenceOf(fresh.runtime, at.runtime)).toBeUndefined();
        }
        for (let i = 0; i < 5; i++) {
          at.runtime.advanceTime(30_000 + i * 9000);
          at.runtime.sendEvent('Flow', { src: 'h1', dst: 'h2', octets: i });
          at.runtime.sendEvent('Alert', { src: 'h1', sev: i });
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototype);
      }),
      { numRuns: Number(process.env.FLOWPACT_FUZZ ?? 150) },
    );
    expect(refused).toBeGreaterThan(0);
  }, 600_000);
});

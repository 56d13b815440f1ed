import { EplError, type PartitionSelector } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { start } from '../start.ts';

const schemas = 'create schema F(src string, port int); create schema G(src string);';

const keyed = `${schemas} create context ByHost partition by src from F;
  context ByHost create window W#keepall as F; context ByHost insert into W select * from F;
  create window V#keepall as F; insert into V select * from F;
  @Name('all') context ByHost select src, port from W;`;

const nested = `${schemas} create context N context ByHost partition by src from F,
    context ByPort group by port < 10 as low, group by port >= 10 as high from F;
  context N create window W#keepall as F; context N insert into W select * from F;`;

/** In `nested` the first two only open partitions: categories inside of a key do not see what opened it. */
function filled(text: string) {
  const started = start(text, []);
  for (const [src, port] of [
    ...(text === nested
      ? ([
          ['a', 5],
          ['b', 5],
        ] as const)
      : []),
    ['a', 1],
    ['b', 20],
    ['a', 30],
  ] as const)
    started.runtime.sendEvent('F', { src, port });
  return started;
}

function refusal(work: () => unknown): EplError {
  try {
    work();
  } catch (error) {
    if (error instanceof EplError) return error;
    throw error;
  }
  throw new Error('was taken');
}

describe('on-demand queries in a context', () => {
  it.each<[string, PartitionSelector, readonly number[]]>([
    ['ids', { ids: [1, 7] }, [20]],
    ['keys', { keys: [['a'], ['z']] }, [1, 30]],
    ['a function of the id', ({ id }) => id === 0, [1, 30]],
    ['a function of the properties', ({ properties }) => properties.key1 === 'b', [20]],
  ])('look at the partitions chosen by %s', (_name, partitions, ports) => {
    const rows = filled(keyed).runtime.query('select port from W', { partitions });
    expect(rows.map(({ port }) => port)).toEqual(ports);
  });

  it.each<[string, PartitionSelector, readonly number[]]>([
    ['levels', { levels: [[{ keys: [['a']] }, { labels: ['high'] }]] }, [30]],
    [
      'several lists',
      {
        levels: [
          [{ keys: [['b']] }, { ids: [3] }],
          [{ keys: [['a']] }, { ids: [0] }],
        ],
      },
      [1, 20],
    ],
    ['a function', ({ properties }) => (properties.ByPort as { label: string }).label === 'low', [1]],
  ])('look at those of a nested context chosen by %s', (_name, partitions, ports) => {
    const rows = filled(nested).runtime.query('select port from W', { partitions });
    expect(rows.map(({ port }) => port)).toEqual(ports);
  });

  it('choose anew each time that a prepared query runs', () => {
    const query = filled(keyed).runtime.prepare('context ByHost select sum(port) as s from W where port > ?');
    expect(query.run(0)).toEqual([{ s: 31 }, { s: 20 }]);
    expect(query.runIn({ keys: [['a']] }, 1)).toEqual([{ s: 30 }]);
    expect(query.runIn({ keys: [] }, 1)).toEqual([]);
  });

  it('join in each partition for itself', () => {
    const rows = filled(keyed).runtime.query(
      'context ByHost select context.key1 as k, v.port as port from W as w, V as v where w.port = v.port order by v.port',
    );
    expect(rows).toEqual([
      { k: 'a', port: 1 },
      { k: 'a', port: 30 },
      { k: 'b', port: 20 },
    ]);
  });

  it('the rows of a statement can be those of some partitions', () => {
    const { deployment } = filled(keyed);
    expect([...deployment.statement('all')!.rows({ ids: [1] })]).toEqual([{ src: 'b', port: 20 }]);
  });

  it.each<[string, string, string, PartitionSelector | undefined, RegExp]>([
    ['labels of keys', keyed, 'select * from W', { labels: ['a'] }, /'labels' for the context 'ByHost'/],
    ['keys of another number', keyed, 'select * from W', { keys: [['a', 1]] }, /partitions have 1 each/],
    [
      'levels within levels',
      nested,
      'select * from W',
      { levels: [[{ levels: [] }, { ids: [] }]] },
      /'levels' within/,
    ],
    ['too few levels', nested, 'select * from W', { levels: [[{ ids: [] }]] }, /which has 2 levels/],
    ['keys of a nested context', nested, 'select * from W', { keys: [['a']] }, /is nested: give 'levels'/],
    ['partitions of no context', keyed, 'select * from V', { ids: [0] }, /there are no partitions/],
    [
      'a context that is not that of the window',
      keyed,
      'context ByHost select * from V',
      undefined,
      /'V' lives in no context/,
    ],
    [
      'a join that names no context',
      keyed,
      'select * from W as w, V as v',
      undefined,
      /begin the query with 'context ByHost'/,
    ],
    [
      'a subquery that does not',
      keyed,
      'select (select count(*) from W) as c from V',
      undefined,
      /begin the query with/,
    ],
    ['an unknown context', keyed, 'context ByHots select * from W', undefined, /unknown context 'ByHots'/],
  ])('refuse %s', (_name, text, query, partitions, message) => {
    const { runtime } = filled(text);
    expect(refusal(() => runtime.query(query, { ...(partitions && { partitions }) })).message).toMatch(
      message,
    );
  });

  it('a statement outside of contexts has no partitions to choose', () => {
    const { deployment } = start(`${schemas} @Name('s') select * from F#keepall;`, []);
    expect(refusal(() => [...deployment.statement('s')!.rows({ ids: [0] })]).code).toBe('EPL_USAGE');
  });
});

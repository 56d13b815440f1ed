/** A statement, and so many things that it is made to keep. */
export interface MemoryCase {
  readonly id: string;
  /** What is counted, in the singular. */
  readonly unit: string;
  readonly count: number;
  readonly epl: string;
}

const types = 'create schema E(k string, x int, y int); create schema F(k string, x int, y int);';
const memoryCase = (id: string, unit: string, count: number, epl: string): MemoryCase => ({
  id,
  unit,
  count,
  epl: `${types} ${epl}`,
});

const several = 400_000;
const million = 1_000_000;

/** Events have a key `k` of their own each, `x` of 100 values, and `y` that counts from 0. */
export const memoryCases: readonly MemoryCase[] = [
  memoryCase('length', 'event in #length', several, 'select * from E#length(10000000)'),
  memoryCase('time', 'event in #time', several, 'select * from E#time(1 hour)'),
  memoryCase(
    'counted',
    'event in #time whose group is counted',
    several,
    'select x, count(*) from E#time(1 hour) group by x',
  ),
  memoryCase('unique', 'event in #unique(k)', several, 'select * from E#unique(k)'),
  memoryCase('group', 'group with count(*), by one key', several, 'select k, count(*) from E group by k'),
  memoryCase('group-2', 'the same by two keys', several, 'select k, x, count(*) from E group by k, x'),
  memoryCase(
    'group-max',
    'group with sum, avg and max',
    several,
    'select k, sum(x), avg(x), max(x) from E#time(1 hour) group by k',
  ),
  memoryCase(
    'join',
    'event in a join of two #time windows, by a key',
    several,
    'select a.x, b.y from E#time(1 hour) as a, F#time(1 hour) as b where a.k = b.k',
  ),
  memoryCase(
    'wait',
    'partial match of a pattern, found by an equality',
    million,
    'select a.k from pattern [every a=E -> b=F(k = a.k)]',
  ),
  memoryCase(
    'wait-within',
    'the same with where timer:within(…)',
    million,
    'select a.k from pattern [every a=E -> b=F(k = a.k) where timer:within(1 hour)]',
  ),
  memoryCase(
    'run',
    'run of match_recognize, each in a partition of its own',
    several,
    `select * from E match_recognize (partition by k measures A.x as ax, B.x as bx
     pattern (A B) define B as B.x > A.x)`,
  ),
  memoryCase(
    'partition',
    'partition of a context, with count(*)',
    million,
    'create context ByKey partition by k from E; context ByKey select k, count(*) from E',
  ),
  memoryCase(
    'partition-time',
    'the same with #time and one event',
    million,
    'create context ByKey partition by k from E; context ByKey select k, count(*) from E#time(1 hour)',
  ),
  memoryCase(
    'row',
    'row of a named window #keepall',
    several,
    'create window W#keepall as E; insert into W select * from E',
  ),
  memoryCase(
    'table-row',
    'row of a table with sum and count(*), and the group of its `into table` statement',
    several,
    `create table T(k string primary key, total sum(int), n count(*));
     into table T select sum(x) as total, count(*) as n from E group by k`,
  ),
];

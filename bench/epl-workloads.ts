import { createRandom } from './random.ts';

/** A property of the events, and how its value is drawn: one random number each, in this order. */
export type Draw =
  /** `prefix` followed by a number from 0. */
  | { readonly kind: 'text'; readonly name: string; readonly prefix: string; readonly below: number }
  /** A number from `from`, one of `below` many. */
  | { readonly kind: 'number'; readonly name: string; readonly from: number; readonly below: number }
  | { readonly kind: 'choice'; readonly name: string; readonly of: readonly (number | string)[] };

/** What runs on every engine alike: the statement to be heard is called `out`. */
export interface Workload {
  readonly id: string;
  readonly events: number;
  /** New and old rows that must come out, exactly. */
  readonly rows: number;
  /** How many events share a millisecond. */
  readonly perMillisecond: number;
  readonly epl: string;
  /** Of more than one type, the first draw of an event says which. */
  readonly types: readonly { readonly name: string; readonly draws: readonly Draw[] }[];
}

/** Engine time of the first event, milliseconds since 1970. */
export const startMs = 1_500_000_000_000;

/** The generator of the workloads: the same numbers on every engine. */
export function randomNumbers(): (below: number) => number {
  const random = createRandom(12345);
  return (below) => Math.floor(random() * below);
}

const text = (name: string, prefix: string, below: number): Draw => ({ kind: 'text', name, prefix, below });
const number = (name: string, from: number, below: number): Draw => ({ kind: 'number', name, from, below });

const scan = (id: string, sources: number, rows: number): Workload => ({
  id,
  events: 2_000_000,
  rows,
  perMillisecond: 10,
  epl: `
    create map schema Flow(source string, port int, packets int, protocol int);
    @Name('out') select source, port, count(*) from Flow.win:time_batch(1 minute)
    where packets < 10 and protocol = 6 group by source, port having count(*) > 16`,
  types: [
    {
      name: 'Flow',
      draws: [
        text('source', '10.0.0.', sources),
        { kind: 'choice', name: 'port', of: [22, 80, 443, 8080] },
        number('packets', 1, 12),
        { kind: 'choice', name: 'protocol', of: [6, 6, 6, 6, 6, 6, 6, 6, 6, 17] },
      ],
    },
  ],
});

const keyed = (
  id: string,
  keys: number,
  values: number,
  perMillisecond: number,
  rows: number,
  statement: string,
): Workload => ({
  id,
  events: 1_000_000,
  rows,
  perMillisecond,
  epl: `create map schema E(k string, x int); ${statement}`,
  types: [{ name: 'E', draws: [text('k', 'k', keys), number('x', 0, values)] }],
});

/** So many statements, each with an equality filter of its own; the first is the one that is heard. */
function filters(count: number): string {
  const select = (i: number) => `select k, x from E(k = 'k${i}')`;
  const others = Array.from({ length: count - 1 }, (_, i) => `; ${select(i + 1)}`);
  return `@Name('out') ${select(0)}${others.join('')}`;
}

export const workloads: readonly Workload[] = [
  scan('a1k', 250, 3_000),
  scan('a100k', 25_000, 1),
  keyed('b1k', 1_000, 100, 5, 1_698_608, `@Name('out') select k, count(*) from E#time(1 min) group by k`),
  keyed('b100k', 100_000, 100, 5, 1_699_987, `@Name('out') select k, count(*) from E#time(1 min) group by k`),
  {
    id: 'c',
    events: 1_000_000,
    rows: 234_829,
    perMillisecond: 1,
    epl: `
      create map schema E(id string, x int);
      @Name('out') select a.id as id, a.x, b.x
      from pattern [every a=E(x > 10) -> b=E(id = a.id and x < 5) where timer:within(30 sec)]`,
    types: [{ name: 'E', draws: [text('id', 'k', 10_000), number('x', 0, 20)] }],
  },
  {
    id: 'd',
    events: 1_000_000,
    rows: 496_982,
    perMillisecond: 1,
    epl: `
      create map schema L(k string, x int);
      create map schema R(k string, y int);
      @Name('out') select L.k as k, x, y from L#time(10 sec), R#time(10 sec) where L.k = R.k`,
    types: [
      { name: 'L', draws: [text('k', 'k', 10_000), number('x', 0, 100)] },
      { name: 'R', draws: [text('k', 'k', 10_000), number('y', 0, 100)] },
    ],
  },
  keyed(
    'e',
    1_000,
    100,
    5,
    1_648_608,
    `create context ByKey partition by k from E;
     @Name('out') context ByKey select k, count(*) from E#time(1 min) having count(*) > 50`,
  ),
  {
    id: 'f',
    events: 1_000_000,
    rows: 20_593,
    perMillisecond: 1,
    epl: `
      create map schema E(k string, kind string, x int);
      @Name('out') select * from E match_recognize (
        partition by k
        measures A.x as ax, last(B.x) as bx, C.x as cx
        pattern (A B+ C)
        define A as A.kind = 'a', B as B.kind = 'b', C as C.kind = 'c')`,
    types: [
      {
        name: 'E',
        draws: [
          text('k', 'k', 1_000),
          { kind: 'choice', name: 'kind', of: ['a', 'b', 'c', 'd'] },
          number('x', 0, 100),
        ],
      },
    ],
  },
  keyed('p', 100, 100, 1, 89_818, `@Name('out') select k, x from E(x > 90)`),
  keyed(
    'w',
    100,
    100,
    1,
    1_988_730,
    `@Name('out') select k, sum(x), avg(x), max(x) from E#length(1000) group by k`,
  ),
  // Beyond the ten: one statement with an equality filter, and the same beside 999 others.
  keyed('one', 1_000, 100, 1, 1_027, filters(1)),
  keyed('thousand', 1_000, 100, 1, 1_027, filters(1_000)),
];

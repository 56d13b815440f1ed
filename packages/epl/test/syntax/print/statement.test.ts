import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../../conformance/run-case.ts';
import { parseModule, parseQuery } from '../../../src/syntax/parse-module.ts';
import { printStatement } from '../../../src/syntax/print/statement.ts';
import type { StatementNode } from '../../../src/syntax/statement.ts';

const folder = new URL('../../../../../../shared/epl/cases/', import.meta.url);
const absent = !existsSync(folder);
const limits = { maxTextLength: 1_000_000, maxNesting: 200, maxStatements: 10_000 };

/** The tree without places in the text. */
function shape(node: unknown): unknown {
  if (typeof node === 'bigint') return `${node}n`;
  if (Array.isArray(node)) return node.map(shape);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) =>
      (key === 'start' || key === 'end') && typeof value === 'number' ? [] : [[key, shape(value)]],
    ),
  );
}

function parseOne(text: string): StatementNode {
  const [parsed, ...rest] = parseModule(text, limits);
  if ('fault' in parsed) throw new Error(`${parsed.fault.message} in: ${text}`);
  expect(rest).toEqual([]);
  return parsed.node;
}

function expectRoundTrip(node: StatementNode): void {
  const printed = printStatement(node);
  const again = parseOne(printed);
  expect(shape(again), printed).toEqual(shape(node));
  expect(printStatement(again)).toBe(printed);
}

describe('a printed statement parses to the same tree', () => {
  it.skipIf(absent)(
    `all statements of the conformance cases parse, and print${absent ? ' (skipped: ../shared/epl/cases is not there)' : ''}`,
    () => {
      const refused: string[] = [];
      let count = 0;
      for (const part of readdirSync(folder)) {
        for (const file of readdirSync(new URL(`${part}/`, folder))) {
          const test: Case = JSON.parse(readFileSync(new URL(`${part}/${file}`, folder), 'utf8'));
          const queries = (test.steps ?? []).flatMap((step) => (step.faf === undefined ? [] : [step.faf]));
          const statements = [
            ...parseModule(test.epl, limits),
            ...queries.map((text) => parseQuery(text, limits)),
          ];
          for (const parsed of statements) {
            if ('node' in parsed) {
              count++;
              expectRoundTrip(parsed.node);
            } else if (test.expectError === undefined) refused.push(`${test.id}: ${parsed.fault.message}`);
          }
        }
      }
      expect(refused).toEqual([]);
      expect(count).toBeGreaterThan(3_000);
    },
  );

  it.each([
    'select a - (b - c) - d, (a + b) * c, -x + -5, a / (b * c), not (a and b or c) from E',
    'select (case when a then 1 else 2 end) + 1, (a = b) = c, (a & 2) = 2, a | (b & c) from E',
    "select 'it\\'s', \"q\\\\\", 2.5f, 2.5, 3L, 0x1F, -9223372036854775808 from E",
    'select `order`, a.`b.c`[1].d(2), `select` as `from`, x? from `group`#length(3) as `where`',
    'select a from A#time(1 min 30 sec) as a left outer join B#keepall as b on a.x = b.x and a.y < b.y',
    'select a from E#groupwin(x)#length(2) retain-union unidirectional',
    'select sum(x, filter: y > 1, group_by: (a, b)), sum(x, group_by: ()), count(distinct a), rate(10) from E',
    'select a, sum(b) from E group by rollup((a, b), c), grouping sets((a), (), cube(a, b)) having sum(b) > 1',
    'select (select max(x) from F#keepall as f where f.a = e.a group by b) as m from E as e',
    'select * from E where a > all (select b from F#keepall) and exists (select * from G#lastevent) and a not in (select c from H)',
    'select E.where(x => x.a > 1).orderBy((x, i) => x.b).take(5) as t, new {a = 1, b} as s from E',
    'select cast(a, date, dateformat: "yyyy"), instanceof(a, int, string), exists(a.b?), new int[3] from E',
    'select * from pattern @SuppressOverlappingMatches [every-distinct(a.x, 1 hour) a=A -> ([2:5] (b=B or c=C) until D) -[3]> not E and timer:interval(10 sec)]',
    'select * from pattern [every (a=A where timer:within(5 sec)) while (a.x > 1) -> timer:at(*, 8:17, [1, */5], *, last, *)]'.replace(
      ' while (a.x > 1)',
      '',
    ),
    'select * from E match_recognize (partition by k measures A.x as ax all matches after match skip to next row pattern ((A B)* | C+? D{2,5} E{3} match_recognize_permute(F, G)) interval 5 sec or terminated define A as A.x > 1)',
    'create context C partition by a, b from E(x > 1), c from F as f initiated by E as e terminated by pattern [every G]',
    'create context C context A start (0, 9, *, *, *) end (0, 17, *, *, *), context B initiated by distinct(x) @now and E as e terminated after 5 min',
    'create context C coalesce by hash_code(a) from E granularity 16 preallocate',
    'create context C group by x < 5 as low, group by x >= 5 as high from E',
    'create window W#keepall as select a, b from E insert where a > 1',
    'create table T (k string primary key, total sum(long), w window(*) @type(E), s sorted(x desc) @type(E))',
    'create unique index I on W (a btree, b hash)',
    'create constant variable int[] v = {1, 2}',
    'create expression f { (x, y) => x.a + y.b }',
    'expression g { x => x.a } expression h alias for { a + 1 } select g(e), h from E as e',
    'on E as e merge W as w where w.a = e.a when matched and e.x > 1 then update set b = 2, c = w.c + 1 when matched then delete where w.d when not matched then insert (a, b) select e.a, 1 then insert into S select e.a',
    'on E insert into A select * where x > 1 insert into B select a from [items] where y output all',
    'on pattern [every A] select and delete a, count(*) as n from W as w where w.a > 1 group by a having count(*) > 1 order by a desc limit 3',
    'on E set a = 1, b[2] = c',
    'update istream E as e set a = 1, `b.c` = e.d where a is not null',
    'delete from W where a = 1',
    'update W as w set a = 1 where a = 2',
    "insert into W (a, b) values (1, 'x'), (2, 'y')",
    "@Name('x') @Tag(name='a', value={1, @B(2), null}) context C into table T select count(*) from E output after 5 events snapshot every 10 sec and when terminated then set v = 1",
    'select a from E output all every 3 events order by a limit 5 offset 2',
    'select a from E output at (*/5, *, *, *, *) for grouped_delivery(a)',
    'select a from E output last when v > 3 then set v = 0',
    'insert irstream into T(a, b) select rstream distinct a, e.* from E[select a from items @type(I) as i where i.x > 1][sub] as e',
    'create map schema S (a int, b.c string[]) inherits P copyfrom Q starttimestamp a endtimestamp a',
    'create variant schema V as A, B, *',
  ])('%s', (text) => {
    expectRoundTrip(parseOne(text));
  });
});

import { rowsOf, type Store } from '@flowpact/store';
import { ApiError } from '../http/api/api-error.ts';
import type {
  Detection,
  DetectionQuery,
  DetectionSummary,
  DetectionSummaryQuery,
} from '../http/api/schema/detection-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';
import { cellsOf } from '../watch/detection-roles.ts';
import type { FindingMemory } from './finding-memory.ts';
import { allOf, condition, isEqual, type SqlCondition, withinSpan } from './sql-condition.ts';

type StoredDetections = Pick<
  FindingMemory,
  'addDetections' | 'detections' | 'detectionSummary' | 'earlierDetections'
>;

/** Rows of each table of the summary. */
const maxRows = 100;

/** The detections of the store, page by page and counted. */
export function createStoredDetections(store: Pick<Store, 'addDetections' | 'query'>): StoredDetections {
  const ask = async (sql: string, { texts }: SqlCondition) => rowsOf(await store.query(sql, { texts }));
  return {
    async addDetections(found) {
      const numbers = await store.addDetections(
        found.map(({ detection, row }) => {
          const { timeMs, module, statement, kind, attacker, target, url, count } = detection;
          const roles = {
            kind,
            ...(attacker === undefined ? {} : { attacker }),
            ...(target === undefined ? {} : { target }),
            ...(url === undefined ? {} : { url }),
            ...(count === undefined ? {} : { amount: count }),
          };
          return { timeMs, module, statement, row, roles };
        }),
      );
      return found.map(({ detection }, i) => ({ ...detection, id: String(numbers[i]) }));
    },
    async detections({ cursor, limit, sort, order, ...query }): Promise<Page<Detection>> {
      const key = sort === 'count' ? 'coalesce(amount, 0)' : '0';
      const direction = order === 'ascending' ? 'ASC' : 'DESC';
      const where = allOf([
        matches(query),
        cursor === undefined ? undefined : behind(parseCursor(cursor), sort, order),
      ]);
      const rows = await ask(
        `SELECT number, epoch_ms(time), coalesce(module, ''), statement, coalesce(kind, 'other'), attacker, target, url,
           amount, detection
         FROM detections WHERE ${where.sql}
         ORDER BY ${sort === 'count' ? `${key} ${direction}, ` : ''}number ${direction} LIMIT ${limit + 1}`,
        where,
      );
      const items = rows.slice(0, limit).map(detectionOfRow);
      const last = items.at(-1);
      if (rows.length <= limit || last === undefined) return { items };
      return { items, next: `${sort === 'count' ? (last.count ?? 0) : 0}/${last.id}` };
    },
    async detectionSummary(query): Promise<DetectionSummary> {
      const where = matches(query);
      const from = `FROM detections WHERE ${where.sql}`;
      const statements = await ask(
        `SELECT statement, coalesce(any_value(kind), 'other'), count(*) ${from} GROUP BY statement ORDER BY 3 DESC, 1`,
        where,
      );
      const attackers = await ask(
        `SELECT attacker, count(*), list_sort(list(DISTINCT statement)), max(epoch_ms(time)) ${from} AND attacker IS NOT NULL
         GROUP BY attacker ORDER BY 2 DESC, 1 LIMIT ${maxRows}`,
        where,
      );
      const scanners = await ask(
        `SELECT attacker, count(*), sum(count(*)) OVER ()::DOUBLE ${from} AND attacker IS NOT NULL AND kind = 'scan'
         GROUP BY attacker ORDER BY 2 DESC, 1 LIMIT ${maxRows}`,
        where,
      );
      const guesses = await ask(
        `SELECT attacker, coalesce(target, ''), coalesce(url, ''), count(*), avg(coalesce(amount, 0)), max(coalesce(amount, 0))
         ${from} AND attacker IS NOT NULL AND kind = 'bruteForce' GROUP BY ALL ORDER BY 5 DESC, 1, 2, 3 LIMIT ${maxRows}`,
        where,
      );
      return {
        total: statements.reduce((sum, [, , count]) => sum + Number(count), 0),
        byStatement: statements.slice(0, maxRows).map(([statement, kind, count]) => ({
          ...{ statement: String(statement), kind: kind as Detection['kind'], count: Number(count) },
        })),
        byAttacker: attackers.map(([attacker, count, found, lastMs]) => ({
          attacker: String(attacker),
          count: Number(count),
          statements: found as string[],
          lastMs: Number(lastMs),
        })),
        scanners: scanners.map(([attacker, count, total]) => ({
          ...{ attacker: String(attacker), count: Number(count), share: Number(count) / Number(total) },
        })),
        bruteForce: guesses.map(([attacker, target, url, rows, averageCount, maximumCount]) => ({
          ...{ attacker: String(attacker), target: String(target), url: String(url), rows: Number(rows) },
          ...{ averageCount: Number(averageCount), maximumCount: Number(maximumCount) },
        })),
      };
    },
    async earlierDetections(fromMs, toMs, bucketMs) {
      const where = withinSpan('time', { fromMs, toMs });
      const rows = await ask(
        `SELECT statement, coalesce(any_value(kind), 'other'), epoch_ms(time) // ${Math.trunc(bucketMs)} * ${Math.trunc(bucketMs)}, count(*)
         FROM detections WHERE ${where.sql} GROUP BY 1, 3`,
        where,
      );
      return rows.map(([statement, kind, startMs, count]) => ({
        ...{ statement: String(statement), kind: kind as Detection['kind'] },
        ...{ startMs: Number(startMs), count: Number(count) },
      }));
    },
  };
}

function matches(query: DetectionSummaryQuery): SqlCondition {
  const { statement, kind, attacker, text } = query;
  return allOf([
    withinSpan('time', query),
    isEqual('statement', statement),
    isEqual(`coalesce(kind, 'other')`, kind),
    isEqual('attacker', attacker),
    text === undefined
      ? undefined
      : condition(
          `contains(lower(array_to_string(json_extract_string(detection, '$.*'), chr(10))), lower(?))`,
          text,
        ),
  ]);
}

/** Where a list goes on. */
interface Place {
  readonly value: number;
  readonly number: number;
}

function behind(
  { value, number }: Place,
  sort: DetectionQuery['sort'],
  order: DetectionQuery['order'],
): SqlCondition {
  const sign = order === 'ascending' ? '>' : '<';
  if (sort === 'time') return condition(`number ${sign} ?::BIGINT`, number);
  return condition(
    `(coalesce(amount, 0) ${sign} ?::DOUBLE OR coalesce(amount, 0) = ?::DOUBLE AND number ${sign} ?::BIGINT)`,
    ...[value, value, number],
  );
}

function parseCursor(cursor: string): Place {
  const [value, number, ...rest] = cursor.split('/').map(Number);
  if (!Number.isFinite(value) || !Number.isInteger(number) || rest.length > 0) {
    throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
  }
  return { value, number };
}

function detectionOfRow(row: readonly unknown[]): Detection {
  const [number, timeMs, module, statement, kind, attacker, target, url, amount, text] = row;
  // Both are of the line alone, and stand beside the row here.
  const { timestamp: _timestamp, type: _type, ...columns } = JSON.parse(String(text));
  return {
    id: String(number),
    timeMs: Number(timeMs),
    module: String(module),
    statement: String(statement),
    kind: kind as Detection['kind'],
    ...(attacker === null ? {} : { attacker: String(attacker) }),
    ...(target === null ? {} : { target: String(target) }),
    ...(url === null ? {} : { url: String(url) }),
    ...(amount === null ? {} : { count: Number(amount) }),
    columns: cellsOf(columns),
  };
}

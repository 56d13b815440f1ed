import { ApiError } from '../http/api/api-error.ts';
import type {
  Detection,
  DetectionQuery,
  DetectionSummary,
  DetectionSummaryQuery,
} from '../http/api/schema/detection-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';

/** The latest detections. */
export interface DetectionList {
  add(detections: readonly Detection[]): void;
  page(query: DetectionQuery): Page<Detection>;
  summary(query: DetectionSummaryQuery): DetectionSummary;
}

const maxRows = 100;

export function createDetectionList({ maxDetections }: { readonly maxDetections: number }): DetectionList {
  let kept: Detection[] = [];
  const matching = (query: DetectionSummaryQuery) => kept.slice(-maxDetections).filter(matches(query));

  return {
    add(detections) {
      kept.push(...detections);
      // Seldom, so that it costs little for each.
      if (kept.length > 2 * maxDetections) kept = kept.slice(-maxDetections);
    },
    page({ cursor, limit, sort, order, ...query }) {
      const sign = order === 'ascending' ? 1 : -1;
      const keyOf = ({ id, count }: Detection): Key => ({
        value: sort === 'count' ? (count ?? 0) : 0,
        number: Number(id),
      });
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const found = matching(query)
        .filter((detection) => after === undefined || sign * compare(keyOf(detection), after) > 0)
        .sort((a, b) => sign * compare(keyOf(a), keyOf(b)));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      if (found.length <= limit || last === undefined) return { items };
      const { value, number } = keyOf(last);
      return { items, next: `${value}/${number}` };
    },
    summary: (query) => summaryOf(matching(query)),
  };
}

/** Where a detection stands in a list: those of the same value by their number. */
interface Key {
  readonly value: number;
  readonly number: number;
}

const compare = (a: Key, b: Key) => a.value - b.value || a.number - b.number;

function parseCursor(cursor: string): Key {
  const [value, number, ...rest] = cursor.split('/').map(Number);
  if (!Number.isFinite(value) || !Number.isInteger(number) || rest.length > 0) {
    throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
  }
  return { value, number };
}

function matches(query: DetectionSummaryQuery): (detection: Detection) => boolean {
  const {
    fromMs = Number.NEGATIVE_INFINITY,
    toMs = Number.POSITIVE_INFINITY,
    statement,
    kind,
    attacker,
  } = query;
  const text = query.text?.toLowerCase();
  return (detection) =>
    detection.timeMs >= fromMs &&
    detection.timeMs < toMs &&
    (statement === undefined || detection.statement === statement) &&
    (kind === undefined || detection.kind === kind) &&
    (attacker === undefined || detection.attacker === attacker) &&
    (text === undefined ||
      Object.values(detection.columns).some((cell) => String(cell).toLowerCase().includes(text)));
}

function summaryOf(detections: readonly Detection[]): DetectionSummary {
  const statements = new Map<string, { kind: Detection['kind']; count: number }>();
  const attackers = new Map<string, { count: number; statements: Set<string>; lastMs: number }>();
  const scans = new Map<string, number>();
  const guesses = new Map<string, { rows: number; sum: number; maximum: number; row: Detection }>();
  let scanTotal = 0;

  for (const detection of detections) {
    const { statement, kind, attacker, target = '', url = '', count = 0, timeMs } = detection;
    const ofStatement = statements.get(statement) ?? { kind, count: 0 };
    ofStatement.count++;
    statements.set(statement, ofStatement);
    if (attacker === undefined) continue;
    const ofAttacker = attackers.get(attacker) ?? { count: 0, statements: new Set(), lastMs: timeMs };
    ofAttacker.count++;
    ofAttacker.statements.add(statement);
    ofAttacker.lastMs = Math.max(ofAttacker.lastMs, timeMs);
    attackers.set(attacker, ofAttacker);
    if (kind === 'scan') {
      scanTotal++;
      scans.set(attacker, (scans.get(attacker) ?? 0) + 1);
    }
    if (kind === 'bruteForce') {
      const key = JSON.stringify([attacker, target, url]);
      const guess = guesses.get(key) ?? { rows: 0, sum: 0, maximum: 0, row: detection };
      guess.rows++;
      guess.sum += count;
      guess.maximum = Math.max(guess.maximum, count);
      guesses.set(key, guess);
    }
  }

  return {
    total: detections.length,
    byStatement: largest([...statements].map(([statement, rest]) => ({ statement, ...rest }))),
    byAttacker: largest(
      [...attackers].map(([attacker, { count, statements: found, lastMs }]) => ({
        ...{ attacker, count, lastMs },
        statements: [...found],
      })),
    ),
    scanners: largest([...scans].map(([attacker, count]) => ({ attacker, count, share: count / scanTotal }))),
    bruteForce: [...guesses.values()]
      .map(({ rows, sum, maximum, row: { attacker = '', target = '', url = '' } }) => ({
        ...{ attacker, target, url, rows },
        averageCount: sum / rows,
        maximumCount: maximum,
      }))
      .sort((a, b) => b.averageCount - a.averageCount)
      .slice(0, maxRows),
  };
}

function largest<T extends { readonly count: number }>(rows: T[]): T[] {
  return rows.sort((a, b) => b.count - a.count).slice(0, maxRows);
}

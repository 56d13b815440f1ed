import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

/** The first points of a crontab behind a time, as dates. */
function points(crontab: string, from: string, count: number): string[] {
  const result = compile(
    `@Name('out') select current_timestamp as t from pattern [every timer:at(${crontab})]`,
  );
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const startTimeMs = Date.parse(from);
  const runtime = createRuntime({ startTimeMs });
  const found: string[] = [];
  runtime
    .deploy(result.module)
    .statement('out')!
    .addListener(({ timeMs }) => found.push(new Date(timeMs).toISOString().slice(0, 16)));
  for (let ms = startTimeMs; found.length < count; ms += 3_600_000) runtime.advanceTime(ms);
  return found;
}

describe('crontabs', () => {
  it('know the last day of a month', () => {
    expect(points('0, 0, last, *, *', '2024-02-10T00:00Z', 2)).toEqual([
      '2024-02-29T00:00',
      '2024-03-31T00:00',
    ]);
  });

  it('know the last Friday of a month', () => {
    expect(points('0, 0, *, *, 5 last', '2024-03-05T00:00Z', 2)).toEqual([
      '2024-03-29T00:00',
      '2024-04-26T00:00',
    ]);
  });

  it('know the workday that is nearest to a day, and the last one', () => {
    // The 15th of June 2024 is a Saturday, the 30th a Sunday.
    expect(points('0, 0, 15 weekday, *, *', '2024-06-01T00:00Z', 2)).toEqual([
      '2024-06-14T00:00',
      '2024-07-15T00:00',
    ]);
    expect(points('0, 0, lastweekday, *, *', '2024-06-01T00:00Z', 1)).toEqual(['2024-06-28T00:00']);
  });

  it('take days and rules side by side', () => {
    expect(points('0, 0, [1, last], *, *', '2024-02-10T00:00Z', 2)).toEqual([
      '2024-02-29T00:00',
      '2024-03-01T00:00',
    ]);
  });
});

import { defaultRetentionLimits, flowColumns } from '@flowpact/store';
import { z } from 'zod';
import { extraColumn } from '../archive/archive-column.ts';
import { durationMsSchema } from './scalar-schemas.ts';

const { maxFlowAgeMs, maxFlowBytes, maxFlowFiles, maxTableAgeMs, maxTableBytes, mergeAfterMs } =
  defaultRetentionLimits;
const centuryMs = 36_525 * 86_400_000;

const retentionSchema = z
  .strictObject({
    maxFlowAgeMs: z.int().min(3_600_000).max(centuryMs).default(maxFlowAgeMs).meta({
      description: 'How long flow records are kept, by the hour in which they started, milliseconds.',
    }),
    maxFlowBytes: z
      .int()
      .min(2 ** 20)
      .default(maxFlowBytes)
      .meta({ description: 'Octets of all their files; the oldest hours go first.' }),
    maxFlowFiles: z.int().min(100).max(10_000_000).default(maxFlowFiles).meta({
      description: 'Files of flow records.',
    }),
    maxTableAgeMs: z.int().min(3_600_000).max(centuryMs).default(maxTableAgeMs).meta({
      description:
        'How long events, detections, messages and traffic per minute are kept, milliseconds; detections by the time of their flows.',
    }),
    maxTableBytes: z
      .int()
      .min(16 * 2 ** 20)
      .default(maxTableBytes)
      .meta({ description: 'Octets of these in the database; the oldest tenth of each goes first.' }),
    mergeAfterMs: durationMsSchema.default(mergeAfterMs).meta({
      description:
        'How long after the end of an hour its small files of flow records become one, milliseconds.',
    }),
  })
  .meta({ description: 'What is removed, and when: looked at every ten minutes.' });

/** Elements that the archive has no column for by itself. */
const extraColumnsSchema = z
  .array(z.string().min(1).max(200))
  .max(100)
  .default([])
  .check(({ value, issues }) => {
    for (const [index, name] of value.entries()) {
      const message = problemOf(name, value.slice(0, index));
      if (message !== undefined) issues.push({ code: 'custom', message, path: [index], input: name });
    }
  })
  .meta({
    description:
      'Elements that flow records are kept with beside the usual ones, by their names: `HTTPRequestURL`, `tcpWindowSize`, ….',
  });

function problemOf(name: string, before: readonly string[]): string | undefined {
  if (before.includes(name)) return 'stands here already';
  if (flowColumns.some((column) => column.name === name)) return 'is kept by itself';
  try {
    extraColumn(name);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What is kept in the state directory. */
export const storeConfigSchema = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: 'Whether events, detections and traffic per minute are kept, in `flowpact.duckdb`.',
    }),
    flows: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether flow records are kept, in hourly Parquet files below `flows/`.' }),
    flushAfterMs: durationMsSchema.max(3_600_000).default(60_000).meta({
      description:
        'How long flow records are gathered before they are written, milliseconds: what `kill -9` loses.',
    }),
    extraColumns: extraColumnsSchema,
    retention: retentionSchema.prefault({}),
    snapshotEveryMs: durationMsSchema
      .max(86_400_000)
      .default(60_000)
      .meta({
        description:
          'Between two times that what modules hold (windows, patterns) is written down, milliseconds; it is at a stop, too. ' +
          'Detection pauses meanwhile.',
      }),
    stageRowsPerSecond: z
      .int()
      .min(0)
      .max(100_000)
      .default(100)
      .meta({
        description:
          'Rows a second of each statement that only feeds others (the stages of an attack) which are kept and shown beside those of all ' +
          'others, a hundred times as many at once; more of them are left out and counted.',
      }),
  })
  .meta({ description: 'What is kept in the state directory.' });

import { z } from 'zod';
import { durationMsSchema } from './scalar-schemas.ts';

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

import { z } from 'zod';
import { collectorConfigSchema } from './collector-config.ts';
import { exchangeConfigSchema } from './exchange-config.ts';
import { moduleConfigSchema } from './module-config.ts';
import { outputConfigSchema } from './output-config.ts';
import { durationMsSchema, hostPortSchema, pathSchema } from './scalar-schemas.ts';

const logSchema = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .meta({ description: 'The least that is told.' }),
    format: z
      .enum(['auto', 'text', 'json'])
      .default('auto')
      .meta({ description: 'Lines for people, or JSON; `auto`: for people on a terminal.' }),
  })
  .meta({ description: 'What is told on standard error.' });

const httpSchema = z
  .strictObject({
    listen: hostPortSchema.default('127.0.0.1:4780').meta({
      description: 'Where `/healthz` and `/metrics` are served, `HOST:PORT`; loopback addresses only.',
    }),
    enabled: z.boolean().default(true).meta({ description: 'Whether anything is served.' }),
  })
  .check(({ value, issues }) => {
    if (/^(?:(?:127\.[0-9.]+|localhost|\[::1\]):)?[0-9]+$/.test(value.listen)) return;
    issues.push({
      code: 'custom',
      message: 'must be a loopback address, since who asks is not known: 127.0.0.1:PORT or [::1]:PORT',
      path: ['listen'],
      input: value.listen,
    });
  })
  .meta({ description: 'Health and counters.' });

const storeSchema = z
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
  })
  .meta({ description: 'What is kept in the state directory.' });

const limitsSchema = z
  .strictObject({
    maxBatches: z
      .int()
      .min(1)
      .max(65_536)
      .default(256)
      .meta({
        description:
          'Batches of up to 64 KiB that wait for detection. With so many waiting, TCP and TLS exporters are held up, and ' +
          'what comes by UDP is dropped and counted for its exporter.',
      }),
    maxArchiveBatches: z.int().min(1).max(65_536).default(256).meta({
      description:
        'Batches that wait to be archived; with so many waiting, further ones are left out and counted.',
    }),
    maxFindings: z.int().min(1).max(1_000_000).default(10_000).meta({
      description: 'Events and rows on their way out of detection; what comes on top is dropped and counted.',
    }),
    stopTimeoutMs: durationMsSchema
      .max(600_000)
      .default(15_000)
      .meta({ description: 'How long a stop may take before it is cut short, milliseconds.' }),
  })
  .meta({ description: 'Bounds on what waits.' });

/** All that `flowpact run` is told. */
export const daemonConfigSchema = z.strictObject({
  stateDirectory: pathSchema
    .default('state')
    .meta({ description: 'What has to survive a restart; made where it is missing. One daemon at a time.' }),
  log: logSchema.prefault({}),
  collectors: z
    .array(collectorConfigSchema)
    .max(64)
    .default([])
    .meta({ description: 'Where flow records come in.' }),
  modules: z
    .array(moduleConfigSchema)
    .max(1000)
    .default([])
    .meta({ description: 'What is looked for in them.' }),
  outputs: z
    .array(outputConfigSchema)
    .max(64)
    .default([])
    .meta({ description: 'Where events and detections go.' }),
  exchange: exchangeConfigSchema.optional(),
  http: httpSchema.prefault({}),
  store: storeSchema.prefault({}),
  limits: limitsSchema.prefault({}),
});

export type DaemonConfig = z.infer<typeof daemonConfigSchema>;

import { z } from 'zod';
import { collectorConfigSchema } from './collector-config.ts';
import { exchangeConfigSchema } from './exchange-config.ts';
import { httpConfigSchema } from './http-config.ts';
import { moduleConfigSchema } from './module-config.ts';
import { outputConfigSchema } from './output-config.ts';
import { responseConfigSchema } from './response-config.ts';
import { durationMsSchema, pathSchema } from './scalar-schemas.ts';
import { storeConfigSchema } from './store-config.ts';

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
  response: responseConfigSchema.optional(),
  http: httpConfigSchema.prefault({}),
  store: storeConfigSchema.prefault({}),
  limits: limitsSchema.prefault({}),
});

export type DaemonConfig = z.infer<typeof daemonConfigSchema>;

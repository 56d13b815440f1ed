import { eventTypes } from '@flowpact/event';
import { z } from 'zod';
import { countSchema, timeSchema } from './paging.ts';

export const statementSchema = z
  .strictObject({
    statement: z.string(),
    text: z.string().describe('As it was written.'),
    insertsInto: z.string().optional(),
    eventType: z.enum(eventTypes).optional().describe('Of the security events that it makes.'),
    isStopped: z.boolean(),
    eventsIn: countSchema,
    rows: countSchema,
    omittedRows: countSchema.describe(
      'Rows that are neither kept nor shown, because such a statement feeds others and they were too many.',
    ),
    errors: countSchema,
    retained: countSchema.describe('Events and groups that it holds now.'),
    timeSpentMs: countSchema,
    falsePositives: countSchema.describe('That partners have called so.'),
    lastRowMs: timeSchema.optional(),
  })
  .readonly();

/** A module at work. */
export const moduleSchema = z
  .strictObject({
    module: z.string(),
    isEnabled: z.boolean(),
    statements: z.array(statementSchema).readonly(),
  })
  .readonly();
export type Module = z.infer<typeof moduleSchema>;

export const modulesSchema = z.strictObject({
  items: z.array(moduleSchema).readonly(),
  maySwitch: z.boolean().describe('Whether they can be switched on and off here.'),
});

export const moduleParamsSchema = z.strictObject({ module: z.string().max(200) });

export const moduleSourceSchema = z.strictObject({ module: z.string(), source: z.string() });
export type ModuleSource = z.infer<typeof moduleSourceSchema>;

export const moduleCheckBodySchema = z.strictObject({ source: z.string().max(200_000) });

export const moduleFindingsSchema = z.strictObject({
  isUsable: z.boolean(),
  findings: z
    .array(
      z
        .strictObject({
          severity: z.enum(['error', 'warning']),
          code: z.string(),
          message: z.string(),
          line: z.number(),
          column: z.number(),
        })
        .readonly(),
    )
    .readonly(),
});

export const moduleChangeSchema = z.strictObject({ isEnabled: z.boolean() });

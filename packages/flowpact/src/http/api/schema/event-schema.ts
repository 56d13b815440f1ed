import { eventTypes, severities, tlpLabels } from '@flowpact/event';
import { z } from 'zod';
import { countSchema, pageOf, pageQuery, spanQuery, timeSchema } from './paging.ts';

export const eventQuerySchema = z.strictObject({
  ...spanQuery,
  ...pageQuery,
  type: z.enum(eventTypes).optional(),
  attacker: z.string().max(200).optional().describe('One of the sources: its address or name.'),
});
export type EventQuery = z.output<typeof eventQuerySchema>;

/** A security event without its flows, the latest first. */
export const eventSummarySchema = z
  .strictObject({
    id: z.string(),
    type: z.enum(eventTypes),
    detectedMs: timeSchema.describe('When the statement fired.'),
    startMs: timeSchema.optional(),
    endMs: timeSchema.optional(),
    statement: z.string().optional(),
    severity: z.enum(severities).optional(),
    confidence: z.number().min(0).max(100).optional().describe('Percent.'),
    tlp: z.enum(tlpLabels).optional(),
    sources: z.array(z.string()).readonly().describe('Addresses or names, 16 at most.'),
    targets: z.array(z.string()).readonly().describe('Addresses or names, 16 at most.'),
    targetCount: countSchema.describe('Targets in all.'),
    text: z.string().optional(),
    flows: countSchema.describe('Flows that are its evidence.'),
  })
  .readonly();
export type EventSummary = z.infer<typeof eventSummarySchema>;

export const eventPageSchema = pageOf(eventSummarySchema);

export const eventParamsSchema = z.strictObject({ id: z.string().max(200) });

/** A security event with everything, as `flowpact` writes events in JSON. */
export const eventDetailSchema = z.strictObject({
  summary: eventSummarySchema,
  event: z.record(z.string(), z.unknown()),
});

export const exportQuerySchema = z.strictObject({
  format: z.string().max(40).default('flex').describe('One of `GET /api/formats`.'),
});

export const formatListSchema = z.strictObject({
  items: z
    .array(
      z
        .strictObject({
          format: z.string(),
          title: z.string(),
          mediaType: z.string(),
          fileExtension: z.string(),
        })
        .readonly(),
    )
    .readonly(),
});

import { z } from 'zod';
import { cellSchema, detectionKindSchema } from './detection-schema.ts';
import { eventSummarySchema } from './event-schema.ts';
import { conversationSchema } from './exchange-schema.ts';
import { countSchema, timeSchema } from './paging.ts';

export const incidentParamsSchema = z.strictObject({ attacker: z.string().max(200) });

/** Everything about one attacker: made of its latest 1,000 detections and 20 events. */
export const incidentSchema = z
  .strictObject({
    attacker: z.string(),
    firstMs: timeSchema,
    lastMs: timeSchema,
    detections: countSchema,
    isCut: z.boolean().describe('Whether there are more detections or events than were looked at.'),
    stages: z
      .array(
        z
          .strictObject({
            statement: z.string(),
            module: z.string(),
            kind: detectionKindSchema,
            text: z.string().describe('The statement.'),
            rows: countSchema,
            timesMs: z.array(timeSchema).readonly().describe('When it gave rows, ascending.'),
            maximumCount: z.number().optional(),
          })
          .readonly(),
      )
      .readonly()
      .describe('In the order in which they were first seen.'),
    targets: z
      .array(
        z
          .strictObject({
            target: z.string(),
            rows: countSchema,
            statements: z.array(z.string()).readonly(),
            urls: z.array(z.string()).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    events: z.array(eventSummarySchema).readonly(),
    conversations: z.array(conversationSchema).readonly(),
    evidence: z
      .strictObject({
        columns: z.array(z.string()).readonly(),
        rows: z.array(z.array(cellSchema).readonly()).readonly().describe('500 at most.'),
        total: countSchema,
      })
      .readonly()
      .describe('The flows of the latest event.'),
  })
  .readonly();
export type Incident = z.infer<typeof incidentSchema>;

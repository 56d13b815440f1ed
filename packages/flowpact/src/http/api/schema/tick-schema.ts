import { z } from 'zod';
import { detectionSchema } from './detection-schema.ts';
import { eventSummarySchema } from './event-schema.ts';
import { mitigationSummarySchema } from './mitigation-schema.ts';
import { countSchema } from './paging.ts';
import { statusSchema } from './status-schema.ts';

/** What `GET /api/stream` sends, once a period. */
export const tickSchema = z
  .strictObject({
    status: statusSchema,
    detections: countSchema.describe('Detections since the tick before.'),
    sample: z
      .array(detectionSchema)
      .readonly()
      .describe('The latest of these, at most as many as configured.'),
    events: z.array(eventSummarySchema).readonly().describe('The latest security events, as many at most.'),
    omittedEvents: countSchema.describe('Further events since the tick before.'),
    mitigations: z
      .array(mitigationSummarySchema)
      .readonly()
      .describe(
        'That changed since the tick before, as many at most; `status.response.changes` counts all changes.',
      ),
    missedTicks: countSchema.describe(
      'That this client did not get because it was slow, since the last it got.',
    ),
  })
  .readonly();
export type Tick = z.infer<typeof tickSchema>;

import { z } from 'zod';
import { countSchema, timeSchema } from './paging.ts';
import { responseStatusSchema } from './response-schema.ts';

/** How the whole fares. */
export const statusSchema = z
  .strictObject({
    version: z.string(),
    startedMs: timeSchema.describe('When the process started, milliseconds since 1970.'),
    nowMs: timeSchema.describe('The clock of this host, milliseconds since 1970.'),
    trafficMs: timeSchema
      .optional()
      .describe('How far the flows have come by their own time; left out: there was none yet.'),
    note: z.string().optional().describe('What a reader should know, such as that this is a replay.'),
    flowsPerSecond: countSchema.describe('Per second of the flows’ own time, lately; 0 when none come.'),
    octetsPerSecond: countSchema,
    detectionsPerSecond: countSchema.describe('Per second of this host’s clock, lately.'),
    flows: countSchema.describe('Since the start, as are the following counts.'),
    octets: countSchema,
    detections: countSchema,
    events: countSchema,
    messagesSent: countSchema,
    messagesReceived: countSchema,
    lostFlows: countSchema.describe('That were sent and never came, by sequence numbers.'),
    exporters: countSchema.describe('Connected now.'),
    mayChange: z.boolean().describe('Whether requests that change something are allowed.'),
    response: responseStatusSchema.optional().describe('Left out where no response is configured.'),
  })
  .readonly();
export type Status = z.infer<typeof statusSchema>;

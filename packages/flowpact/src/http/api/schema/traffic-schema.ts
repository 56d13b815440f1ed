import { z } from 'zod';
import { bucketsQuery, countSchema, spanQuery, timeSchema } from './paging.ts';

export const trafficQuerySchema = z.strictObject({ ...spanQuery, ...bucketsQuery });
export type TrafficQuery = z.output<typeof trafficQuerySchema>;

const countsSchema = z.array(countSchema).readonly();

/** Flows and detections over time: parts of equal length, those without anything in them too. */
export const trafficSchema = z
  .strictObject({
    startMs: timeSchema.describe('Start of the first part.'),
    bucketMs: countSchema.describe('Length of a part.'),
    flows: countsSchema,
    packets: countsSchema,
    octets: countsSchema,
    detections: z
      .array(z.strictObject({ statement: z.string(), kind: z.string(), counts: countsSchema }).readonly())
      .readonly(),
  })
  .readonly();
export type Traffic = z.infer<typeof trafficSchema>;

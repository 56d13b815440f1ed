import { eventTypes } from '@flowpact/event';
import { z } from 'zod';
import { countSchema, pageOf, pageQuery, spanQuery, timeSchema } from './paging.ts';

/** A cell of a row; integers beyond 2^53 - 1 are decimal text. */
export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cellSchema>;

/** What a detection is about, in the words for types of security events. */
export const detectionKindSchema = z.enum(eventTypes);

/** One row that a statement gave. */
export const detectionSchema = z
  .strictObject({
    id: z.string(),
    timeMs: timeSchema.describe('Engine time.'),
    module: z.string(),
    statement: z.string(),
    kind: detectionKindSchema,
    attacker: z.string().optional(),
    target: z.string().optional(),
    url: z.string().optional(),
    count: z.number().optional().describe('How much of it there was, in the statement’s own measure.'),
    columns: z.record(z.string(), cellSchema).describe('The row as the statement gave it.'),
  })
  .readonly();
export type Detection = z.infer<typeof detectionSchema>;

const filterQuery = {
  ...spanQuery,
  statement: z.string().max(200).optional(),
  kind: detectionKindSchema.optional(),
  attacker: z.string().max(200).optional(),
  text: z.string().max(200).optional().describe('In any column, in upper or lower case.'),
};

export const detectionQuerySchema = z.strictObject({
  ...filterQuery,
  ...pageQuery,
  sort: z.enum(['time', 'count']).default('time'),
  order: z.enum(['descending', 'ascending']).default('descending'),
});
export type DetectionQuery = z.output<typeof detectionQuerySchema>;

export const detectionPageSchema = pageOf(detectionSchema);

export const detectionSummaryQuerySchema = z.strictObject(filterQuery);
export type DetectionSummaryQuery = z.output<typeof detectionSummaryQuerySchema>;

/** Tables over the detections, the largest rows first, 100 of each at most. */
export const detectionSummarySchema = z
  .strictObject({
    total: countSchema,
    byStatement: z
      .array(
        z.strictObject({ statement: z.string(), kind: detectionKindSchema, count: countSchema }).readonly(),
      )
      .readonly(),
    byAttacker: z
      .array(
        z
          .strictObject({
            attacker: z.string(),
            count: countSchema,
            statements: z.array(z.string()).readonly(),
            lastMs: timeSchema,
          })
          .readonly(),
      )
      .readonly(),
    scanners: z
      .array(
        z
          .strictObject({
            attacker: z.string(),
            count: countSchema,
            share: z.number().min(0).max(1).describe('Of all detections of scans.'),
          })
          .readonly(),
      )
      .readonly(),
    bruteForce: z
      .array(
        z
          .strictObject({
            attacker: z.string(),
            target: z.string(),
            url: z.string(),
            rows: countSchema,
            averageCount: z.number(),
            maximumCount: z.number(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type DetectionSummary = z.infer<typeof detectionSummarySchema>;

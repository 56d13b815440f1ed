import { z } from 'zod';
import { bucketsQuery, countSchema, pageOf, pageQuery, spanQuery, timeSchema } from './paging.ts';

const filterQuery = {
  ...spanQuery,
  filter: z
    .string()
    .max(4096)
    .optional()
    .describe('In the filter language, e.g. `src net 10.0.0.0/8 and dst port 22`; left out: every flow.'),
};

export const flowQuerySchema = z.strictObject({ ...filterQuery, ...pageQuery });
export type FlowQuery = z.output<typeof flowQuerySchema>;

/** One flow record; what it lacks is null. */
export const flowSchema = z
  .strictObject({
    startMs: timeSchema.nullable(),
    endMs: timeSchema.nullable(),
    source: z.string().nullable(),
    sourcePort: z.number().nullable(),
    destination: z.string().nullable(),
    destinationPort: z.number().nullable(),
    protocol: z.number().nullable().describe('IANA number.'),
    tcpFlags: z.string().nullable().describe('Six characters, `UAPRSF`.'),
    packets: countSchema.nullable(),
    octets: countSchema.nullable(),
    url: z.string().nullable(),
  })
  .readonly();
export type Flow = z.infer<typeof flowSchema>;

export const flowPageSchema = pageOf(flowSchema);

export const topQuerySchema = z.strictObject({
  ...filterQuery,
  by: z
    .string()
    .min(1)
    .max(200)
    .default('src')
    .describe(
      'What flows are grouped by: `src`, `dst`, `srcport`, `dstport`, `proto`, … or elements’ names; several with commas.',
    ),
  order: z.enum(['octets', 'packets', 'flows']).default('octets'),
  limit: z.int().min(1).max(1000).default(10),
});
export type TopQuery = z.output<typeof topQuerySchema>;

/** The groups of flows with the most octets, packets or flows. */
export const topSchema = z
  .strictObject({
    by: z.array(z.string()).readonly(),
    rows: z
      .array(
        z
          .strictObject({
            key: z.array(z.union([z.string(), z.number(), z.null()])).readonly(),
            flows: countSchema,
            packets: countSchema,
            octets: countSchema,
          })
          .readonly(),
      )
      .readonly(),
    flows: countSchema.describe('Of all groups, as are the following.'),
    packets: countSchema,
    octets: countSchema,
  })
  .readonly();
export type Top = z.infer<typeof topSchema>;

export const timeLineQuerySchema = z.strictObject({ ...filterQuery, ...bucketsQuery });
export type TimeLineQuery = z.output<typeof timeLineQuerySchema>;

const countsSchema = z.array(countSchema).readonly();

/** The flows that pass, over time. */
export const timeLineSchema = z
  .strictObject({
    startMs: timeSchema,
    bucketMs: countSchema,
    flows: countsSchema,
    packets: countsSchema,
    octets: countsSchema,
  })
  .readonly();
export type TimeLine = z.infer<typeof timeLineSchema>;

import { z } from 'zod';
import { countSchema, timeSchema } from './paging.ts';

/** One observation domain of an exporter’s session. */
export const observationDomainSchema = z
  .strictObject({
    observationDomainId: z.number(),
    version: z.number().describe('NetFlow 1, 5, 7 or 9; IPFIX 10.'),
    messages: countSchema,
    records: countSchema,
    lostRecords: z.number(),
    sequenceGaps: countSchema,
    clockSkewMs: z
      .number()
      .optional()
      .describe('How far the last message’s export time was behind its arrival, negative where ahead.'),
    sampling: z.enum(['told', 'configured', 'unknown']).describe('Where the sampling rate is from.'),
  })
  .readonly();

/** One exporter, or a session of one. */
export const exporterSchema = z
  .strictObject({
    exporter: z.string().describe('Its transport address, e.g. `udp://192.0.2.1:4739`.'),
    isConnected: z.boolean(),
    sinceMs: timeSchema,
    lastMessageMs: timeSchema.optional(),
    messages: countSchema,
    octets: countSchema,
    records: countSchema,
    templates: countSchema.describe('Template records received, repeats included.'),
    lostRecords: z.number(),
    sequenceGaps: countSchema,
    lateMessages: countSchema,
    droppedDatagrams: countSchema.describe('That came and were not read because detection was slow.'),
    unknownTemplateSets: countSchema,
    parkedSets: countSchema.describe('Sets kept until their template comes, so far.'),
    parkedOctets: countSchema.describe('Octets of those that wait now.'),
    recoveredSets: countSchema,
    malformed: countSchema.describe('Messages and sets that could not be read.'),
    domains: z.array(observationDomainSchema).readonly(),
    issues: z.record(z.string(), z.number()).describe('What was wrong, how often, by code.'),
  })
  .readonly();
export type Exporter = z.infer<typeof exporterSchema>;

export const exportersSchema = z.strictObject({ items: z.array(exporterSchema).readonly() });

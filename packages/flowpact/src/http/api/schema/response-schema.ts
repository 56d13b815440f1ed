import { responseModes } from '@flowpact/response';
import { z } from 'zod';
import { mitigationSummarySchema } from './mitigation-schema.ts';
import { countSchema, pageOf, timeSchema } from './paging.ts';

const modeSchema = z.enum(responseModes);

/** What every page says of the response. */
export const responseStatusSchema = z
  .strictObject({
    mode: modeSchema,
    waiting: countSchema.describe('Mitigations that wait for a person.'),
    active: countSchema.describe('That are on their way or in force.'),
    changes: countSchema.describe('Steps of mitigations since the start.'),
  })
  .readonly();
export type ResponseStatus = z.infer<typeof responseStatusSchema>;

/** How the response is set up, and how it fares. */
export const responseSchema = z
  .strictObject({
    ...responseStatusSchema.unwrap().shape,
    ended: countSchema.describe('That are over, of those still known.'),
    modes: z.array(modeSchema).readonly().describe('What the mode may be set to.'),
    approvals: countSchema.describe('People who have to say yes where a yes is wanted.'),
    maxLifetimeSeconds: countSchema,
    emitters: z
      .array(z.strictObject({ emitter: z.string(), kind: z.string() }).readonly())
      .readonly()
      .describe('What rules are handed to.'),
    you: z.string().optional().describe('Whose own token this was asked with.'),
  })
  .readonly();
export type ResponseView = z.infer<typeof responseSchema>;

/** What is in force, as each emitter tells it now. */
export const inForceSchema = z.strictObject({
  items: z
    .array(
      z
        .strictObject({
          emitter: z.string(),
          kind: z.string(),
          failure: z.string().optional().describe('Why it could not be asked.'),
          rules: z
            .array(
              z
                .strictObject({
                  rule: z.string(),
                  untilMs: timeSchema.optional().describe('When it goes by itself there.'),
                  mitigation: z.string().optional().describe('The one that it belongs to; left out: none.'),
                })
                .readonly(),
            )
            .readonly(),
        })
        .readonly(),
    )
    .readonly(),
});
export type InForce = z.infer<typeof inForceSchema>;

export const stoppedSchema = z.strictObject({
  items: z.array(mitigationSummarySchema).readonly().describe('What was in force.'),
});

export const auditQuerySchema = z.strictObject({
  before: z.int().min(1).optional().describe('Entries with smaller numbers; left out: the latest.'),
  limit: z.int().min(1).max(1000).default(100).describe('Entries on a page, at most.'),
});
export type AuditQuery = z.output<typeof auditQuerySchema>;

/** One line of the audit log. */
export const auditEntrySchema = z
  .strictObject({
    number: countSchema,
    atMs: timeSchema,
    who: z.string(),
    what: z.string(),
    mitigation: z.string().optional().describe('The one that it is about.'),
    why: z.string().optional(),
    hash: z.string().describe('Over this entry and the hash of the one before, hexadecimal.'),
  })
  .readonly();
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The latest first. */
export const auditPageSchema = pageOf(auditEntrySchema);

export const auditVerificationSchema = z
  .strictObject({
    holds: z.boolean().describe('Whether every entry follows from the one before, as it was written.'),
    entries: countSchema.describe('That were looked at.'),
    head: z
      .strictObject({ number: countSchema, hash: z.string() })
      .readonly()
      .optional()
      .describe('The last of them: kept elsewhere, it shows later that nothing was cut off.'),
    problem: z.string().optional().describe('Where it breaks, and how.'),
  })
  .readonly();
export type AuditVerification = z.infer<typeof auditVerificationSchema>;

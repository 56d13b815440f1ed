import { eventTypes } from '@flowpact/event';
import { mitigationStates, responseModes } from '@flowpact/response';
import { z } from 'zod';
import { countSchema, pageOf, pageQuery, timeSchema } from './paging.ts';

/** Waiting for a person, on its way or in force, over. */
export const mitigationPhases = ['waiting', 'active', 'ended'] as const;
export type MitigationPhase = (typeof mitigationPhases)[number];

const totalsSchema = z
  .strictObject({ flows: countSchema, packets: countSchema, octets: countSchema })
  .readonly();
const shareSchema = z.strictObject({ hit: totalsSchema, all: totalsSchema }).readonly();

/** What a rule would have done to the traffic of a while. */
export const collateralSchema = z
  .strictObject({
    fromMs: timeSchema.describe('The flows looked at started at or after this, and before `toMs`.'),
    toMs: timeSchema,
    attack: shareSchema.describe('The traffic of the event: the more of it is hit, the better.'),
    others: shareSchema.describe('All other traffic of its targets and sources, and what else is hit.'),
    otherHosts: countSchema.describe('Hosts that are hit and no part of the attack.'),
    topOtherHosts: z
      .array(
        z
          .strictObject({
            address: z.string(),
            end: z.enum(['source', 'destination']),
            flows: countSchema,
            packets: countSchema,
            octets: countSchema,
          })
          .readonly(),
      )
      .readonly()
      .describe('Those with most octets, the largest first.'),
    allowedHosts: z
      .array(z.string())
      .readonly()
      .describe('Hosts of the allow list among those that are hit.'),
    isPartial: z.boolean().describe('Whether flows were left out of the reckoning.'),
    verdict: z.strictObject({ isAcceptable: z.boolean(), reason: z.string() }).readonly(),
  })
  .readonly();

/** A rule that would help. */
export const candidateSchema = z
  .strictObject({
    rule: z.string().describe('In one line, e.g. `drop from 203.0.113.7/32 to 192.0.2.10/32 protocol 6`.'),
    emitter: z.string().describe('Where it would go.'),
    collateral: collateralSchema.optional().describe('Left out where no flows are kept.'),
    refusal: z.string().optional().describe('Why it is not to be applied; left out: nothing is against it.'),
  })
  .readonly();

export const whoSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]*$/u, 'a name: letters, digits, blanks, . _ @ -');

const approvalsSchema = z
  .array(z.strictObject({ who: z.string(), atMs: timeSchema }).readonly())
  .readonly()
  .describe('Who has said yes so far.');

const summaryFields = {
  id: z.string(),
  state: z.enum(mitigationStates),
  phase: z.enum(mitigationPhases),
  level: z
    .enum(['propose', 'approve', 'auto'])
    .describe('How far it may go by the playbook; `propose` is only looked at.'),
  origin: z
    .strictObject({
      kind: z.enum(['event', 'request', 'alert', 'person']),
      name: z.string().optional().describe('The partner or the person.'),
    })
    .readonly()
    .describe('Who wants it.'),
  event: z
    .strictObject({
      type: z.enum(eventTypes),
      sources: z.array(z.string()).readonly().describe('Addresses or names, 16 at most.'),
      sourceCount: countSchema.describe('Sources in all.'),
      targets: z.array(z.string()).readonly().describe('Addresses or names, 16 at most.'),
      targetCount: countSchema.describe('Targets in all.'),
      statement: z.string().optional(),
      confidence: z.number().optional().describe('Percent.'),
      text: z.string().optional(),
    })
    .readonly()
    .describe('What it is against.'),
  chosen: countSchema.describe('The candidate that is applied, would be, or was: its place, from 0.'),
  candidate: candidateSchema.describe('That candidate.'),
  candidateCount: countSchema,
  lifetimeSeconds: countSchema.describe('From when it is applied.'),
  proposedMs: timeSchema.describe('By the clock of this host, as are the following times.'),
  changedMs: timeSchema,
  untilMs: timeSchema.optional().describe('When it ends by itself.'),
  approvals: approvalsSchema,
} as const;

/** A rule from its proposal to its end, in short. */
export const mitigationSummarySchema = z.strictObject(summaryFields).readonly();
export type MitigationSummary = z.infer<typeof mitigationSummarySchema>;

/** The same with everything. */
export const mitigationDetailSchema = z
  .strictObject({
    ...summaryFields,
    candidates: z.array(candidateSchema).readonly().describe('The narrowest first.'),
    turns: z
      .array(
        z
          .strictObject({
            atMs: timeSchema,
            state: z.enum(mitigationStates),
            who: z.string(),
            why: z.string().optional(),
          })
          .readonly(),
      )
      .readonly()
      .describe('How it came here, the first step first.'),
  })
  .readonly();
export type MitigationDetail = z.infer<typeof mitigationDetailSchema>;

export const mitigationQuerySchema = z.strictObject({
  ...pageQuery,
  state: z.enum(mitigationStates).optional(),
  phase: z.enum(mitigationPhases).optional(),
  attacker: z.string().max(200).optional().describe('One of the sources: its address or name.'),
});
export type MitigationsQuery = z.output<typeof mitigationQuerySchema>;

export const mitigationPageSchema = pageOf(mitigationSummarySchema);
export const mitigationParamsSchema = z.strictObject({ id: z.string().regex(/^[0-9]{1,20}$/) });
export const candidatesSchema = z.strictObject({ items: z.array(candidateSchema).readonly() });

/** Who wants a change, and why: both are kept in the audit log. */
const saidBy = {
  who: whoSchema
    .optional()
    .describe('Your name: 1 to 64 letters, digits, blanks, . _ @ -; left out where the token says it.'),
  why: z.string().trim().max(500).optional().describe('For those who read the log, at most 500 characters.'),
};

export const reasonBodySchema = z.strictObject(saidBy);
export const approvalBodySchema = z.strictObject({
  ...saidBy,
  candidate: z.int().min(0).max(1000).optional().describe('Its place, where another than `chosen` is meant.'),
});
export const extensionBodySchema = z.strictObject({
  ...saidBy,
  seconds: z.int().min(1).max(31_536_000).describe('From now on, within the longest life time.'),
});
export const modeBodySchema = z.strictObject({ ...saidBy, mode: z.enum(responseModes) });

import { actions, eventTypes, messageKinds, outcomeStatuses } from '@flowpact/event';
import { z } from 'zod';
import { countSchema, pageOf, pageQuery, timeSchema } from './paging.ts';

const referenceSchema = z.strictObject({ sender: z.string(), id: z.string() }).readonly();

/** Another network, and how talking to it goes. */
export const partnerSchema = z
  .strictObject({
    name: z.string(),
    asn: z.number().optional(),
    contact: z.string().optional(),
    languages: z.array(z.string()).readonly(),
    routes: z.array(z.strictObject({ transport: z.string(), address: z.string() }).readonly()).readonly(),
    addressSpace: z.array(z.string()).readonly(),
    isSigned: z.boolean().describe('Whether its messages must be signed with a key of its own.'),
    sent: countSchema.describe('Messages since the start, as are the following.'),
    received: countSchema,
    waiting: countSchema.describe('In the outbox now.'),
    failed: countSchema.describe('Given up.'),
    lastHeardMs: timeSchema.optional(),
  })
  .readonly();
export type Partner = z.infer<typeof partnerSchema>;

export const partnersSchema = z.strictObject({ items: z.array(partnerSchema).readonly() });

/** One message of a conversation, without its event. */
export const turnSchema = z
  .strictObject({
    reference: referenceSchema,
    kind: z.enum(messageKinds),
    direction: z.enum(['in', 'out']),
    delivery: z.enum(['pending', 'sent', 'failed']).optional().describe('Of ours.'),
    eventType: z.enum(eventTypes),
    rule: z.string().optional().describe('The statement that fired.'),
    subject: z.string(),
    asks: z.array(z.enum(actions)).readonly(),
    outcome: z
      .strictObject({
        status: z.enum(outcomeStatuses),
        reason: z.string().optional(),
        untilMs: timeSchema.optional(),
      })
      .readonly()
      .optional(),
    atMs: timeSchema.describe('When we sent it or it came.'),
  })
  .readonly();

/** What two networks said to each other about one thing. */
export const conversationSchema = z
  .strictObject({
    partner: z.string(),
    root: referenceSchema,
    status: z.enum(['open', 'answered', 'overdue', 'withdrawn']),
    about: z.array(z.string()).readonly().describe('Sources of the event, 16 at most.'),
    turns: z.array(turnSchema).readonly(),
    droppedTurns: countSchema,
  })
  .readonly();
export type Conversation = z.infer<typeof conversationSchema>;

export const conversationQuerySchema = z.strictObject({
  ...pageQuery,
  partner: z.string().max(200).optional(),
  status: z.enum(['open', 'answered', 'overdue', 'withdrawn']).optional(),
  attacker: z.string().max(200).optional().describe('One of what it is about.'),
});
export type ConversationQuery = z.output<typeof conversationQuerySchema>;

export const conversationPageSchema = pageOf(conversationSchema);

/** What is to be sent, and what was given up. */
export const outboxSchema = z
  .strictObject({
    waiting: countSchema,
    failed: countSchema,
    items: z
      .array(
        z
          .strictObject({
            reference: referenceSchema,
            partner: z.string(),
            language: z.string(),
            octets: countSchema,
            atMs: timeSchema,
            state: z.enum(['waiting', 'failed']),
            reason: z.string().optional(),
          })
          .readonly(),
      )
      .readonly()
      .describe('The oldest, 100 of each state at most.'),
  })
  .readonly();
export type Outbox = z.infer<typeof outboxSchema>;

import { z } from 'zod';
import { endpointSchema } from './endpoint.ts';
import { epochMsSchema } from './epoch-ms.ts';
import { countSchema, isInteger, positiveSchema } from './integer.ts';
import { securityEventSchema } from './security-event.ts';
import { textSchema } from './text.ts';
import { actions, messageKinds, outcomeStatuses } from './vocabulary.ts';

/** A message's number, unique for its sender: a decimal integer from -2^511 to 2^511-1, without leading zeros. */
export const messageIdSchema = z
  .string()
  .refine(
    (digits) => /^(0|-?[1-9][0-9]{0,153})$/.test(digits) && isInteger(BigInt(digits)),
    'not a decimal integer from -2^511 to 2^511-1',
  );

/** A network that speaks. */
export const partySchema = z
  .object({
    /** Stable identifier, e.g. a domain. */
    name: textSchema.min(1),
    /** Autonomous system number. */
    asn: z.int().min(0).max(0xffffffff).optional(),
    /** A `mailto:` URI. */
    contact: textSchema.optional(),
    /** Fingerprint of the key that it signs with, upper-case hexadecimal. */
    keyId: z
      .string()
      .regex(/^([0-9A-F]{2})*$/, 'not upper-case hexadecimal')
      .optional(),
  })
  .readonly();
export type Party = z.infer<typeof partySchema>;

/** Points at a message: ids are unique for each sender only. */
export const messageRefSchema = z.object({ sender: textSchema, id: messageIdSchema }).readonly();
export type MessageRef = z.infer<typeof messageRefSchema>;

/** One thing asked for, or done. */
export const askSchema = z
  .object({
    /** What to do. */
    action: z.enum(actions),
    /** What it applies to; left out: the event's sources. */
    scope: z.array(endpointSchema).readonly().optional(),
    /** For how long, from when it is done. */
    lifetimeSeconds: positiveSchema.optional(),
    /** For rateLimit. */
    octetsPerSecond: countSchema.optional(),
  })
  .readonly();
export type Ask = z.infer<typeof askSchema>;

export const outcomeSchema = z
  .object({
    /** What became of what was asked for. */
    status: z.enum(outcomeStatuses),
    /** Why, for a person. */
    reason: textSchema.optional(),
    /** What was done, where it is not what was asked for. */
    applied: z.array(askSchema).readonly().optional(),
    /** When it ends by itself. */
    untilMs: epochMsSchema.optional(),
  })
  .readonly();
export type Outcome = z.infer<typeof outcomeSchema>;

/** The message's place in a conversation. */
export const conversationSchema = z
  .object({
    /** The message that this one answers. */
    inReplyTo: messageRefSchema.optional(),
    /** Other messages about the same. */
    related: z.array(messageRefSchema).readonly().optional(),
    /** What is asked for, in a request. */
    asks: z.array(askSchema).readonly().optional(),
    /** What was done, in a feedback. */
    outcome: outcomeSchema.optional(),
    /** From when on nobody need act on it. */
    expiresMs: epochMsSchema.optional(),
    /** The message that counts no longer. */
    supersedes: messageRefSchema.optional(),
  })
  .readonly();
export type Conversation = z.infer<typeof conversationSchema>;

/** One thing that a network tells another: an alert, a request or a feedback about a security event. */
export const messageSchema = z
  .object({
    /** What it is: news of an event, a wish, or an answer. */
    kind: z.enum(messageKinds),
    /** Its number, unique for its sender. */
    id: messageIdSchema,
    /** Who speaks. */
    sender: partySchema,
    /** When it was made. */
    createdMs: epochMsSchema,
    /** What it is about. */
    event: securityEventSchema,
    /** What it answers, asks or reports; left out: news alone. */
    conversation: conversationSchema.optional(),
  })
  .readonly();
export type Message = z.infer<typeof messageSchema>;

import type { z } from 'zod';
import { EventError } from './event-error.ts';
import { type Message, messageSchema } from './message.ts';
import { type SecurityEvent, securityEventSchema } from './security-event.ts';

/** @throws EventError `EVENT_INVALID`, naming the first field that is wrong and how. */
export function parseSecurityEvent(value: unknown): SecurityEvent {
  return parse(securityEventSchema, value, 'security event');
}

/** @throws EventError `EVENT_INVALID`, naming the first field that is wrong and how. */
export function parseMessage(value: unknown): Message {
  return parse(messageSchema, value, 'message');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  const place = path.replace(/^\./, '');
  throw new EventError(
    'EVENT_INVALID',
    `invalid ${what}: ${place === '' ? '' : `${place}: `}${issue.message}`,
    {
      path: place,
      cause: result.error,
    },
  );
}

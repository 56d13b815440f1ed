import { type EnumeratedValue, enumeratedCodec } from '../der/enumerated.ts';
import { generalizedTimeCodec } from '../der/generalized-time.ts';
import { type FlexInteger, integerCodec } from '../der/integer.ts';
import {
  type Extensible,
  extensibleSequenceCodec,
  optional,
  required,
  sequenceCodec,
} from '../der/sequence.ts';
import { sequenceOfCodec } from '../der/sequence-of.ts';
import { utf8StringCodec } from '../der/utf8-string.ts';
import { naturalCodec, positiveCodec } from './constrained-types.ts';
import { type Endpoint, endpointCodec } from './endpoint.ts';

/**
 * ```asn1
 * MessageRef ::= SEQUENCE {
 *     sender  [0] UTF8String,                        -- Party.name
 *     id      [1] INTEGER                            -- Settings.id
 * }
 * ```
 */
export interface MessageRef {
  readonly sender: string;
  readonly id: FlexInteger;
}

const messageRefCodec = sequenceCodec<MessageRef>({
  sender: required(0, utf8StringCodec),
  id: required(1, integerCodec()),
});

/**
 * ```asn1
 * Action ::= ENUMERATED { moreFlows(0), confirm(1), block(2), rateLimit(3),
 *                         blackhole(4), redirect(5), notifyCustomer(6), stop(7), ... }
 * ```
 */
export type Action = EnumeratedValue<typeof actionCodec>;

export const actionCodec = enumeratedCodec([
  'moreFlows',
  'confirm',
  'block',
  'rateLimit',
  'blackhole',
  'redirect',
  'notifyCustomer',
  'stop',
]);

/**
 * ```asn1
 * Ask ::= SEQUENCE {
 *     action    [0] Action,
 *     scope     [1] SEQUENCE OF Endpoint OPTIONAL,
 *     lifetime  [2] Positive OPTIONAL,       -- seconds
 *     rate      [3] Natural OPTIONAL,       -- octets per second
 *     ...
 * }
 * ```
 */
export interface Ask extends Extensible {
  readonly action: Action;
  readonly scope?: readonly Endpoint[];
  readonly lifetime?: FlexInteger;
  readonly rate?: FlexInteger;
}

const askCodec = extensibleSequenceCodec<Ask>({
  action: required(0, actionCodec),
  scope: optional(1, sequenceOfCodec(endpointCodec)),
  lifetime: optional(2, positiveCodec),
  rate: optional(3, naturalCodec),
});

/**
 * ```asn1
 * OutcomeStatus ::= ENUMERATED { received(0), accepted(1), rejected(2), applied(3),
 *                                partial(4), expired(5), withdrawn(6),
 *                                falsePositive(7), confirmed(8), failed(9), ... }
 * ```
 */
export type OutcomeStatus = EnumeratedValue<typeof outcomeStatusCodec>;

export const outcomeStatusCodec = enumeratedCodec([
  'received',
  'accepted',
  'rejected',
  'applied',
  'partial',
  'expired',
  'withdrawn',
  'falsePositive',
  'confirmed',
  'failed',
]);

/**
 * ```asn1
 * Outcome ::= SEQUENCE {
 *     status   [0] OutcomeStatus,
 *     reason   [1] UTF8String OPTIONAL,
 *     applied  [2] SEQUENCE OF Ask OPTIONAL,
 *     until    [3] GeneralizedTime OPTIONAL,
 *     ...
 * }
 * ```
 */
export interface Outcome extends Extensible {
  readonly status: OutcomeStatus;
  readonly reason?: string;
  readonly applied?: readonly Ask[];
  readonly until?: string;
}

const outcomeCodec = extensibleSequenceCodec<Outcome>({
  status: required(0, outcomeStatusCodec),
  reason: optional(1, utf8StringCodec),
  applied: optional(2, sequenceOfCodec(askCodec)),
  until: optional(3, generalizedTimeCodec),
});

/**
 * ```asn1
 * Exchange ::= SEQUENCE {
 *     inReplyTo   [0] MessageRef OPTIONAL,
 *     related     [1] SEQUENCE OF MessageRef OPTIONAL,
 *     asks        [2] SEQUENCE OF Ask OPTIONAL,      -- request
 *     outcome     [3] Outcome OPTIONAL,              -- feedback
 *     expires     [4] GeneralizedTime OPTIONAL,
 *     supersedes  [5] MessageRef OPTIONAL,
 *     ...
 * }
 * ```
 */
export interface Exchange extends Extensible {
  readonly inReplyTo?: MessageRef;
  readonly related?: readonly MessageRef[];
  readonly asks?: readonly Ask[];
  readonly outcome?: Outcome;
  readonly expires?: string;
  readonly supersedes?: MessageRef;
}

export const exchangeCodec = extensibleSequenceCodec<Exchange>({
  inReplyTo: optional(0, messageRefCodec),
  related: optional(1, sequenceOfCodec(messageRefCodec)),
  asks: optional(2, sequenceOfCodec(askCodec)),
  outcome: optional(3, outcomeCodec),
  expires: optional(4, generalizedTimeCodec),
  supersedes: optional(5, messageRefCodec),
});

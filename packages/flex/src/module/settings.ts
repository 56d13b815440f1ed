import { type EnumeratedValue, enumeratedCodec } from '../der/enumerated.ts';
import { explicitCodec } from '../der/explicit.ts';
import { type FlexInteger, integerCodec } from '../der/integer.ts';
import { type Extensible, extensibleSequenceCodec, required } from '../der/sequence.ts';
import { applicationTag } from '../der/tags.ts';

/**
 * ```asn1
 * MsgType ::= ENUMERATED { alert(0), request(1), feedback(2), ... }
 * ```
 * A number is one that a later version added.
 */
export type MsgType = EnumeratedValue<typeof msgTypeCodec>;

export const msgTypeCodec = enumeratedCodec(['alert', 'request', 'feedback']);

/**
 * ```asn1
 * EventType ::= ENUMERATED { cuC(0), dDoS(1), ..., other(2), scan(3), bruteForce(4), spam(5),
 *                            botInfection(6), amplifier(7), dataExfiltration(8) }
 * ```
 */
export type EventType = EnumeratedValue<typeof eventTypeCodec>;

export const eventTypeCodec = enumeratedCodec([
  'cuC',
  'dDoS',
  'other',
  'scan',
  'bruteForce',
  'spam',
  'botInfection',
  'amplifier',
  'dataExfiltration',
]);

/**
 * ```asn1
 * FlowType ::= ENUMERATED { netflow(0), ipfix(1), ..., sflow(2), other(3) }
 * ```
 */
export type FlowType = EnumeratedValue<typeof flowTypeCodec>;

export const flowTypeCodec = enumeratedCodec(['netflow', 'ipfix', 'sflow', 'other']);

/**
 * ```asn1
 * FlowVersion ::= ENUMERATED { two(0), four(1), five(2), nine(3), ...,
 *                              ten(4), one(5), seven(6), eight(7), none(8) }
 * ```
 */
export type FlowVersion = EnumeratedValue<typeof flowVersionCodec>;

export const flowVersionCodec = enumeratedCodec([
  'two',
  'four',
  'five',
  'nine',
  'ten',
  'one',
  'seven',
  'eight',
  'none',
]);

/**
 * ```asn1
 * Settings ::= [APPLICATION 1] SEQUENCE {
 *     id         [0] INTEGER,
 *     msgType    [1] MsgType,
 *     eventType  [2] EventType,
 *     type       [3] FlowType,
 *     version    [4] FlowVersion,
 *     ...
 * }
 * ```
 */
export interface Settings extends Extensible {
  readonly id: FlexInteger;
  readonly msgType: MsgType;
  readonly eventType: EventType;
  readonly type: FlowType;
  readonly version: FlowVersion;
}

export const settingsCodec = explicitCodec(
  applicationTag(1),
  extensibleSequenceCodec<Settings>({
    id: required(0, integerCodec()),
    msgType: required(1, msgTypeCodec),
    eventType: required(2, eventTypeCodec),
    type: required(3, flowTypeCodec),
    version: required(4, flowVersionCodec),
  }),
);

import { type EnumeratedValue, enumeratedCodec } from '../der/enumerated.ts';
import { explicitCodec } from '../der/explicit.ts';
import type { FlexInteger } from '../der/integer.ts';
import { type Extensible, extensibleSequenceCodec, optional, required } from '../der/sequence.ts';
import { sequenceOfCodec } from '../der/sequence-of.ts';
import { applicationTag } from '../der/tags.ts';
import { utf8StringCodec } from '../der/utf8-string.ts';
import { positiveCodec, prefixLengthCodec, unsigned16Codec } from './constrained-types.ts';
import { type FieldType, fieldTypeCodec } from './field-type.ts';

/**
 * ```asn1
 * AnonTechnique ::= ENUMERATED { none(0), precisionDegradation(1), truncation(2),
 *                                prefixPreserving(3), permutation(4), ... }
 * ```
 */
export type AnonTechnique = EnumeratedValue<typeof anonTechniqueCodec>;

export const anonTechniqueCodec = enumeratedCodec([
  'none',
  'precisionDegradation',
  'truncation',
  'prefixPreserving',
  'permutation',
]);

/**
 * ```asn1
 * Anonymisation ::= SEQUENCE {                       -- cf. RFC 6235
 *     technique   [0] AnonTechnique,
 *     columns     [1] SEQUENCE OF Unsigned16 OPTIONAL, -- 0-based
 *     keyId       [2] UTF8String OPTIONAL,           -- never the key
 *     prefixKept  [3] PrefixLength OPTIONAL,
 *     ...
 * }
 * ```
 */
export interface Anonymisation extends Extensible {
  readonly technique: AnonTechnique;
  readonly columns?: readonly number[];
  readonly keyId?: string;
  readonly prefixKept?: number;
}

const anonymisationCodec = extensibleSequenceCodec<Anonymisation>({
  technique: required(0, anonTechniqueCodec),
  columns: optional(1, sequenceOfCodec(unsigned16Codec)),
  keyId: optional(2, utf8StringCodec),
  prefixKept: optional(3, prefixLengthCodec),
});

/**
 * ```asn1
 * SamplingAlgorithm ::= ENUMERATED { none(0), deterministic(1), random(2),
 *                                    hash(3), ... }
 * ```
 */
export type SamplingAlgorithm = EnumeratedValue<typeof samplingAlgorithmCodec>;

export const samplingAlgorithmCodec = enumeratedCodec(['none', 'deterministic', 'random', 'hash']);

/**
 * ```asn1
 * Sampling ::= SEQUENCE {
 *     algorithm   [0] SamplingAlgorithm,
 *     interval    [1] Positive,              -- 1 in N packets
 *     ...
 * }
 * ```
 */
export interface Sampling extends Extensible {
  readonly algorithm: SamplingAlgorithm;
  readonly interval: FlexInteger;
}

const samplingCodec = extensibleSequenceCodec<Sampling>({
  algorithm: required(0, samplingAlgorithmCodec),
  interval: required(1, positiveCodec),
});

/**
 * ```asn1
 * FlowFieldTypes ::= [APPLICATION 2] SEQUENCE {
 *     fields         [0] SEQUENCE OF FieldType,      -- may be empty
 *     anonymisation  [1] Anonymisation OPTIONAL,
 *     sampling       [2] Sampling OPTIONAL,
 *     ...
 * }
 * ```
 */
export interface FlowFieldTypes extends Extensible {
  readonly fields: readonly FieldType[];
  readonly anonymisation?: Anonymisation;
  readonly sampling?: Sampling;
}

export const flowFieldTypesCodec = explicitCodec(
  applicationTag(2),
  extensibleSequenceCodec<FlowFieldTypes>({
    fields: required(0, sequenceOfCodec(fieldTypeCodec, 'maxColumns')),
    anonymisation: optional(1, anonymisationCodec),
    sampling: optional(2, samplingCodec),
  }),
);

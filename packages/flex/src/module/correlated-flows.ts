import { explicitCodec } from '../der/explicit.ts';
import { octetStringCodec } from '../der/octet-string.ts';
import { type Extensible, extensibleSequenceCodec, optional, required } from '../der/sequence.ts';
import { applicationTag } from '../der/tags.ts';
import { utf8StringCodec } from '../der/utf8-string.ts';
import { unsigned32Codec } from './constrained-types.ts';
import { type FlowFieldTypes, flowFieldTypesCodec } from './flow-field-types.ts';
import { type FlowRow, flowRowsCodec } from './flow-row.ts';

/**
 * ```asn1
 * CorrelatedFlows ::= [APPLICATION 4] SEQUENCE {
 *     relation    [0] UTF8String OPTIONAL,           -- why: "same-c2", "same-target", ...
 *     exporter    [1] OCTET STRING OPTIONAL,         -- address of the exporter
 *     domainId    [2] Unsigned32 OPTIONAL,
 *     fields      [3] FlowFieldTypes OPTIONAL,       -- absent: the record's flowFields
 *     flows       [4] SEQUENCE OF FlowRow,
 *     ...
 * }
 * ```
 */
export interface CorrelatedFlows extends Extensible {
  readonly relation?: string;
  readonly exporter?: Uint8Array;
  readonly domainId?: number;
  readonly fields?: FlowFieldTypes;
  readonly flows: readonly FlowRow[];
}

export const correlatedFlowsCodec = explicitCodec(
  applicationTag(4),
  extensibleSequenceCodec<CorrelatedFlows>({
    relation: optional(0, utf8StringCodec),
    exporter: optional(1, octetStringCodec()),
    domainId: optional(2, unsigned32Codec),
    fields: optional(3, flowFieldTypesCodec),
    flows: required(4, flowRowsCodec),
  }),
);

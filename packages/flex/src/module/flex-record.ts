import type { DerCodec } from '../der/der-codec.ts';
import { explicitCodec } from '../der/explicit.ts';
import { type Extensible, extensibleSequenceCodec, optional, required } from '../der/sequence.ts';
import { sequenceOfCodec } from '../der/sequence-of.ts';
import { applicationTag } from '../der/tags.ts';
import { type CorrelatedFlows, correlatedFlowsCodec } from './correlated-flows.ts';
import { type Detection, detectionCodec } from './detection.ts';
import { type FlowFieldTypes, flowFieldTypesCodec } from './flow-field-types.ts';
import { type Settings, settingsCodec } from './settings.ts';

/**
 * ```asn1
 * FLEXRecord ::= [APPLICATION 0] SEQUENCE {
 *     settings     [0] Settings,
 *     flowFields   [1] FlowFieldTypes,
 *     detection    [2] Detection,
 *     correlation  [3] SEQUENCE OF CorrelatedFlows DEFAULT {},
 *     ...
 * }
 * ```
 * One message of one network to another, node for node as in the module. Optional fields are absent or undefined.
 */
export interface FlexRecord extends Extensible {
  readonly settings: Settings;
  readonly flowFields: FlowFieldTypes;
  readonly detection: Detection;
  /** Empty where the field is absent. */
  readonly correlation: readonly CorrelatedFlows[];
}

type WrittenRecord = Omit<FlexRecord, 'correlation'> & Partial<Pick<FlexRecord, 'correlation'>>;

const writtenRecordCodec = explicitCodec(
  applicationTag(0),
  extensibleSequenceCodec<WrittenRecord>({
    settings: required(0, settingsCodec),
    flowFields: required(1, flowFieldTypesCodec),
    detection: required(2, detectionCodec),
    correlation: optional(3, sequenceOfCodec(correlatedFlowsCodec, 'maxGroups')),
  }),
);

/** A value equal to its DEFAULT is not encoded in DER (X.690, 11.5). */
export const flexRecordCodec: DerCodec<FlexRecord> = {
  matches: writtenRecordCodec.matches,
  write(writer, record) {
    const correlation: unknown = record?.correlation;
    const empty = Array.isArray(correlation) && correlation.length === 0;
    writtenRecordCodec.write(writer, empty ? { ...record, correlation: undefined } : record);
  },
  read(reader) {
    const record = writtenRecordCodec.read(reader);
    if (record.correlation?.length === 0) {
      reader.path.push('correlation');
      reader.fail('FLEX_NOT_DER', 'empty, which is the DEFAULT and therefore not written');
    }
    return { ...record, correlation: record.correlation ?? [] };
  },
};

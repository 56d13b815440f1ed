import { type EnumeratedValue, enumeratedCodec } from '../der/enumerated.ts';
import { explicitCodec } from '../der/explicit.ts';
import { generalizedTimeCodec } from '../der/generalized-time.ts';
import type { FlexInteger } from '../der/integer.ts';
import { octetStringCodec } from '../der/octet-string.ts';
import {
  type Extensible,
  extensibleSequenceCodec,
  optional,
  required,
  sequenceCodec,
} from '../der/sequence.ts';
import { sequenceOfCodec } from '../der/sequence-of.ts';
import { applicationTag } from '../der/tags.ts';
import { utf8StringCodec } from '../der/utf8-string.ts';
import { naturalCodec, percentCodec, unsigned32Codec } from './constrained-types.ts';
import { type Endpoint, endpointCodec } from './endpoint.ts';
import { type Exchange, exchangeCodec } from './exchange.ts';
import { type FieldValue, fieldValueCodec } from './field-value.ts';
import { type FlowRow, flowRowCodec } from './flow-row.ts';

/**
 * ```asn1
 * Severity ::= ENUMERATED { info(0), low(1), medium(2), high(3), critical(4), ... }
 * ```
 */
export type Severity = EnumeratedValue<typeof severityCodec>;

export const severityCodec = enumeratedCodec(['info', 'low', 'medium', 'high', 'critical']);

/**
 * ```asn1
 * Tlp ::= ENUMERATED { clear(0), green(1), amber(2), amberStrict(3), red(4), ... }
 * ```
 */
export type Tlp = EnumeratedValue<typeof tlpCodec>;

export const tlpCodec = enumeratedCodec(['clear', 'green', 'amber', 'amberStrict', 'red']);

/**
 * ```asn1
 * Party ::= SEQUENCE {
 *     name     [0] UTF8String,                       -- stable id, e.g. a domain
 *     asn      [1] Unsigned32 OPTIONAL,
 *     contact  [2] UTF8String OPTIONAL,              -- mailto: URI
 *     keyId    [3] OCTET STRING OPTIONAL,            -- fingerprint
 *     ...
 * }
 * ```
 */
export interface Party extends Extensible {
  readonly name: string;
  readonly asn?: number;
  readonly contact?: string;
  readonly keyId?: Uint8Array;
}

const partyCodec = extensibleSequenceCodec<Party>({
  name: required(0, utf8StringCodec),
  asn: optional(1, unsigned32Codec),
  contact: optional(2, utf8StringCodec),
  keyId: optional(3, octetStringCodec()),
});

/**
 * ```asn1
 * Detector ::= SEQUENCE {
 *     name     [0] UTF8String,
 *     version  [1] UTF8String OPTIONAL,
 *     method   [2] UTF8String OPTIONAL,
 *     rule     [3] UTF8String OPTIONAL,
 *     ...
 * }
 * ```
 */
export interface Detector extends Extensible {
  readonly name: string;
  readonly version?: string;
  readonly method?: string;
  readonly rule?: string;
}

const detectorCodec = extensibleSequenceCodec<Detector>({
  name: required(0, utf8StringCodec),
  version: optional(1, utf8StringCodec),
  method: optional(2, utf8StringCodec),
  rule: optional(3, utf8StringCodec),
});

/**
 * ```asn1
 * Classification ::= SEQUENCE {
 *     scheme   [0] UTF8String,     -- "flex", "rsit", "idea", "xarf4", "mitre-attack", ...
 *     value    [1] UTF8String,
 *     ...
 * }
 * ```
 */
export interface Classification extends Extensible {
  readonly scheme: string;
  readonly value: string;
}

const classificationCodec = extensibleSequenceCodec<Classification>({
  scheme: required(0, utf8StringCodec),
  value: required(1, utf8StringCodec),
});

/**
 * ```asn1
 * Totals ::= SEQUENCE {
 *     flows    [0] Natural OPTIONAL,
 *     packets  [1] Natural OPTIONAL,
 *     octets   [2] Natural OPTIONAL,
 *     pps      [3] Natural OPTIONAL,
 *     bps      [4] Natural OPTIONAL,
 *     ...
 * }
 * ```
 */
export interface Totals extends Extensible {
  readonly flows?: FlexInteger;
  readonly packets?: FlexInteger;
  readonly octets?: FlexInteger;
  readonly pps?: FlexInteger;
  readonly bps?: FlexInteger;
}

const totalsCodec = extensibleSequenceCodec<Totals>({
  flows: optional(0, naturalCodec),
  packets: optional(1, naturalCodec),
  octets: optional(2, naturalCodec),
  pps: optional(3, naturalCodec),
  bps: optional(4, naturalCodec),
});

/**
 * ```asn1
 * Property ::= SEQUENCE {
 *     name   UTF8String,
 *     value  FieldValue
 * }
 * ```
 */
export interface Property {
  readonly name: string;
  readonly value: FieldValue;
}

const propertyCodec = sequenceCodec<Property>({
  name: required(undefined, utf8StringCodec),
  value: required(undefined, fieldValueCodec),
});

/**
 * ```asn1
 * Detection ::= [APPLICATION 3] SEQUENCE {
 *     sender          [0] Party,
 *     created         [1] GeneralizedTime,           -- of this message, UTC, "Z"
 *     start           [2] GeneralizedTime OPTIONAL,  -- of the event
 *     end             [3] GeneralizedTime OPTIONAL,
 *     detector        [4] Detector OPTIONAL,
 *     classification  [5] SEQUENCE OF Classification OPTIONAL,
 *     severity        [6] Severity OPTIONAL,
 *     confidence      [7] Percent OPTIONAL,
 *     sources         [8] SEQUENCE OF Endpoint OPTIONAL,
 *     targets         [9] SEQUENCE OF Endpoint OPTIONAL,
 *     flow            [10] FlowRow OPTIONAL,         -- the flow that fired
 *     totals          [11] Totals OPTIONAL,
 *     tlp             [12] Tlp OPTIONAL,             -- FIRST TLP 2.0
 *     exchange        [13] Exchange OPTIONAL,        -- request and feedback
 *     text            [14] UTF8String OPTIONAL,
 *     additional      [15] SEQUENCE OF Property OPTIONAL,
 *     ...
 * }
 * ```
 * Times are texts in the DER form of GeneralizedTime, e.g. `20260101120000.5Z`.
 */
export interface Detection extends Extensible {
  readonly sender: Party;
  readonly created: string;
  readonly start?: string;
  readonly end?: string;
  readonly detector?: Detector;
  readonly classification?: readonly Classification[];
  readonly severity?: Severity;
  readonly confidence?: number;
  readonly sources?: readonly Endpoint[];
  readonly targets?: readonly Endpoint[];
  readonly flow?: FlowRow;
  readonly totals?: Totals;
  readonly tlp?: Tlp;
  readonly exchange?: Exchange;
  readonly text?: string;
  readonly additional?: readonly Property[];
}

export const detectionCodec = explicitCodec(
  applicationTag(3),
  extensibleSequenceCodec<Detection>({
    sender: required(0, partyCodec),
    created: required(1, generalizedTimeCodec),
    start: optional(2, generalizedTimeCodec),
    end: optional(3, generalizedTimeCodec),
    detector: optional(4, detectorCodec),
    classification: optional(5, sequenceOfCodec(classificationCodec)),
    severity: optional(6, severityCodec),
    confidence: optional(7, percentCodec),
    sources: optional(8, sequenceOfCodec(endpointCodec)),
    targets: optional(9, sequenceOfCodec(endpointCodec)),
    flow: optional(10, flowRowCodec),
    totals: optional(11, totalsCodec),
    tlp: optional(12, tlpCodec),
    exchange: optional(13, exchangeCodec),
    text: optional(14, utf8StringCodec),
    additional: optional(15, sequenceOfCodec(propertyCodec)),
  }),
);

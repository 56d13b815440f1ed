import {
  type Annotation,
  type AnnotationValue,
  findAnnotation,
  type EventType as RowType,
} from '@flowpact/epl';
import {
  type Classification,
  type EventType,
  eventTypes,
  type Severity,
  severities,
  type Tlp,
  tlpLabels,
} from '@flowpact/event';
import { FlowpactError } from '../flowpact-error.ts';

/**
 * How the rows of a statement become security events, as its annotation says:
 *
 *     @SecurityEvent(type='bruteForce', source='Attacker', target='Destination', flows='AtkCount',
 *                    severity='high', confidence=90, text='{Attacker} tries passwords on {Destination}')
 *
 * `source`, `target`, `targetPort`, `protocol`, `flows`, `packets` and `octets` name columns of the row.
 */
export interface SecurityEventMapping {
  readonly type: EventType;
  readonly source?: string;
  /** Left out: the destinations of the evidence flows. */
  readonly target?: string;
  readonly targetPort?: string;
  /** A column, or the IANA protocol number itself. */
  readonly protocol?: string | number;
  readonly flows?: string;
  readonly packets?: string;
  readonly octets?: string;
  readonly severity?: Severity;
  /** Percent. */
  readonly confidence?: number;
  readonly tlp?: Tlp;
  readonly classifications: readonly Classification[];
  /** `{Column}` stands for the row's value. */
  readonly text?: string;
  /** How many flows travel along at most. */
  readonly evidence: number;
}

const annotationName = 'SecurityEvent';
const columnAttributes = ['source', 'target', 'targetPort', 'flows', 'packets', 'octets'] as const;
const otherAttributes = [
  'type',
  'protocol',
  'severity',
  'confidence',
  'tlp',
  'classification',
  'text',
  'evidence',
];

/** Flows that travel with an event where its annotation does not say; a FLEX message of about 5 kB. */
export const defaultEvidenceLimit = 100;
/** More than this is refused: the message would no longer pass most mail systems. */
export const maxEvidenceLimit = 10_000;

/** For {@link CompileOptions.evidence}: the flows that rows of annotated statements carry. */
export function evidenceLimit({ annotations }: { readonly annotations: readonly Annotation[] }): number {
  const annotation = findAnnotation(annotations, annotationName);
  if (annotation === undefined) return 0;
  const { evidence } = annotation.attributes;
  if (evidence === undefined) return defaultEvidenceLimit;
  return typeof evidence === 'number' && Number.isInteger(evidence) && evidence >= 0
    ? Math.min(evidence, maxEvidenceLimit)
    : 0; // wrong, and said so by securityEventMapping
}

/**
 * Reads a statement's `@SecurityEvent`; undefined where it has none.
 * @throws FlowpactError `FLOWPACT_ANNOTATION`, naming statement and attribute.
 */
export function securityEventMapping(statement: {
  readonly name: string;
  readonly annotations: readonly Annotation[];
  readonly eventType: RowType;
}): SecurityEventMapping | undefined {
  const annotation = findAnnotation(statement.annotations, annotationName);
  if (annotation === undefined) return undefined;
  const { attributes } = annotation;
  const wrong = (attribute: string, what: string): never => {
    throw new FlowpactError(
      'FLOWPACT_ANNOTATION',
      `statement ${statement.name}: @${annotationName}(${attribute}=…) ${what}`,
    );
  };
  const known = new Set<string>([...columnAttributes, ...otherAttributes]);
  for (const name of Object.keys(attributes)) {
    if (!known.has(name)) wrong(name, `is not known; known are: ${[...known].join(', ')}`);
  }
  const word = <T extends string>(name: string, words: readonly T[]): T | undefined => {
    const value = attributes[name];
    if (value === undefined) return undefined;
    return words.find((each) => each === value) ?? wrong(name, `must be one of: ${words.join(', ')}`);
  };
  const integer = (name: string, low: number, high: number): number | undefined => {
    const value = attributes[name];
    if (value === undefined) return undefined;
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
    return fits ? value : wrong(name, `must be an integer from ${low} to ${high}`);
  };
  const column = (name: string): string | undefined => {
    const value = attributes[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && statement.eventType.property(value) !== undefined) return value;
    const columns = statement.eventType.properties.map((property) => property.name).join(', ');
    return wrong(name, `must name a column of the row; it has: ${columns}`);
  };

  const mapping = {
    type: word('type', eventTypes) ?? wrong('type', `is required: one of ${eventTypes.join(', ')}`),
    ...Object.fromEntries(columnAttributes.map((name) => [name, column(name)])),
    protocol: typeof attributes.protocol === 'string' ? column('protocol') : integer('protocol', 0, 255),
    severity: word('severity', severities),
    confidence: integer('confidence', 0, 100),
    tlp: word('tlp', tlpLabels),
    classifications: classifications(attributes.classification, wrong),
    text:
      attributes.text === undefined || typeof attributes.text === 'string'
        ? attributes.text
        : wrong('text', 'must be a string'),
    evidence: integer('evidence', 0, maxEvidenceLimit) ?? defaultEvidenceLimit,
  };
  return Object.fromEntries(
    Object.entries(mapping).filter(([, value]) => value !== undefined),
  ) as unknown as SecurityEventMapping;
}

/** `'scheme:value'`, or an array of these: `{'rsit:intrusion-attempts', 'mitre-attack:T1110'}`. */
function classifications(
  value: AnnotationValue | undefined,
  wrong: (attribute: string, what: string) => never,
): Classification[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item: AnnotationValue) => {
    const match = typeof item === 'string' ? /^([^:]+):(.+)$/.exec(item) : null;
    if (match === null) return wrong('classification', "must be 'scheme:value', or an array of these");
    return { scheme: match[1], value: match[2] };
  });
}

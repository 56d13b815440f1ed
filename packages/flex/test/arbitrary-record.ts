import fc from 'fast-check';
import type {
  Ask,
  CorrelatedFlows,
  Detection,
  Endpoint,
  FieldType,
  FieldValue,
  FlexInteger,
  FlexRecord,
  FlowFieldTypes,
  MessageRef,
} from '../src/index.ts';
import { FlexReal, UnknownElement } from '../src/index.ts';
import { arbitraryElement } from './arbitrary-element.ts';

export interface RecordShape {
  /** Fields, alternatives and enumeration numbers of later versions too. Default true. */
  readonly later?: boolean;
  /** Default: all doubles, and what no double holds. */
  readonly real?: fc.Arbitrary<FlexReal>;
  /** GeneralizedTime; default: any, to the nanosecond. */
  readonly time?: fc.Arbitrary<string>;
  /** Text; default any Unicode text. */
  readonly text?: fc.Arbitrary<string>;
}

function integer(lowest?: bigint): fc.Arbitrary<FlexInteger> {
  const edges = [7, 8, 15, 16, 31, 32, 47, 48, 53, 63, 64, 127].flatMap((bits) =>
    [-1n, 0n, 1n].flatMap((step) => [2n ** BigInt(bits) + step, -(2n ** BigInt(bits)) + step]),
  );
  return fc
    .oneof(
      fc.maxSafeInteger().map(BigInt),
      fc.constantFrom(...edges),
      fc.bigInt(-(2n ** 511n), 2n ** 511n - 1n),
    )
    .filter((value) => lowest === undefined || value >= lowest)
    .map((value) =>
      value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value,
    );
}

const unsigned32 = fc.nat(0xffffffff);
const octets = (constraints: fc.IntArrayConstraints = { maxLength: 40 }) => fc.uint8Array(constraints);

const anyTime = fc
  .tuple(
    fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    }),
    fc.nat(999_999_999),
  )
  .map(([date, nanoseconds]) => {
    const seconds = date.toISOString().slice(0, 19).replace(/\D/g, '');
    const fraction = String(nanoseconds).padStart(9, '0').replace(/0+$/, '');
    return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
  });

/** Contents octets of REAL that say more than a double: a decimal, and an odd mantissa of 54 to 64 bits. */
const realBeyondDouble = fc.oneof(
  fc.tuple(fc.nat(2 ** 40), fc.integer({ min: -400, max: 400 })).map(([digits, exponent]) => {
    const text = `${digits * 10 + 7}.E${exponent === 0 ? '+0' : exponent}`;
    return new FlexReal(Number(text), Uint8Array.of(3, ...Buffer.from(text)));
  }),
  fc
    .tuple(fc.bigInt(2n ** 53n, 2n ** 63n - 1n), fc.integer({ min: -128, max: 127 }))
    .map(([half, exponent]) => {
      const mantissa = half * 2n + 1n;
      const hex = mantissa.toString(16);
      const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
      return new FlexReal(
        Number(mantissa) * 2 ** exponent,
        Uint8Array.of(0x80, exponent & 0xff, ...Buffer.from(digits, 'hex')),
      );
    }),
);

const anyReal = fc.oneof(
  fc.double().map((value) => new FlexReal(value)),
  realBeyondDouble,
);

export function arbitraryRecord(shape: RecordShape = {}): fc.Arbitrary<FlexRecord> {
  const {
    later = true,
    real = anyReal,
    time = anyTime,
    text = fc.string({ unit: 'binary', maxLength: 20 }),
  } = shape;

  const extensions = later
    ? { extensions: fc.array(arbitraryElement, { minLength: 1, maxLength: 3 }) }
    : { extensions: fc.constant(undefined) };

  function enumeration<const W extends string>(...words: W[]): fc.Arbitrary<W | number> {
    const word = fc.constantFrom(...words);
    const beyond = fc.oneof(
      fc.integer({ min: -200, max: -1 }),
      fc.integer({ min: words.length, max: 2 ** 40 }),
    );
    return later ? fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: beyond }) : word;
  }

  /** Fields that are there or not; the keys in `mandatory` always are. */
  function sequence<T>(
    fields: { readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined> | undefined> },
    mandatory: readonly (keyof T)[],
  ): fc.Arbitrary<T> {
    return fc
      .record(fields as never, { requiredKeys: mandatory as never[], noNullPrototype: true })
      .map((record) => {
        const present = Object.entries(record as object).filter(([, value]) => value !== undefined);
        return Object.fromEntries(present) as T;
      });
  }

  const { value } = fc.letrec<{ value: FieldValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      integer(),
      octets(),
      text,
      fc.boolean(),
      real,
      fc.array(tie('value'), { maxLength: 4 }),
      ...(later ? [arbitraryElement.map((element) => new UnknownElement(element))] : []),
    ),
  }));
  const row = fc.array(value, { maxLength: 6 });

  const fieldType: fc.Arbitrary<FieldType> = fc.oneof(
    fc.integer({ min: 1, max: 32767 }).map((id) => ({ kind: 'iana' as const, id })),
    fc.record(
      {
        kind: fc.constant('enterprise' as const),
        id: fc.integer({ min: 1, max: 32767 }),
        pen: fc.integer({ min: 1, max: 0xffffffff }),
        name: text,
      },
      { requiredKeys: ['kind', 'id', 'pen'], noNullPrototype: true },
    ),
    text.map((name) => ({ kind: 'named' as const, name })),
    ...(later ? [arbitraryElement.map((element) => ({ kind: 'unknown' as const, element }))] : []),
  );

  const flowFields: fc.Arbitrary<FlowFieldTypes> = sequence<FlowFieldTypes>(
    {
      fields: fc.array(fieldType, { maxLength: 5 }),
      anonymisation: sequence<NonNullable<FlowFieldTypes['anonymisation']>>(
        {
          technique: enumeration(
            'none',
            'precisionDegradation',
            'truncation',
            'prefixPreserving',
            'permutation',
          ),
          columns: fc.array(fc.nat(65535), { maxLength: 3 }),
          keyId: text,
          prefixKept: fc.nat(128),
          ...extensions,
        },
        ['technique'],
      ),
      sampling: sequence<NonNullable<FlowFieldTypes['sampling']>>(
        {
          algorithm: enumeration('none', 'deterministic', 'random', 'hash'),
          interval: integer(1n),
          ...extensions,
        },
        ['algorithm', 'interval'],
      ),
      ...extensions,
    },
    ['fields'],
  );

  const endpoint = sequence<Endpoint>(
    {
      address: fc.oneof(octets({ minLength: 4, maxLength: 4 }), octets({ minLength: 16, maxLength: 16 })),
      prefix: fc.nat(32),
      protocol: fc.nat(255),
      ports: fc.array(
        fc.oneof(
          fc.nat(65535).map((low) => ({ low })),
          fc
            .tuple(fc.nat(65535), fc.nat(65535))
            .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
        ),
        { maxLength: 3 },
      ),
      name: text,
      asn: unsigned32,
      role: text,
      spoofed: fc.boolean(),
      ...extensions,
    },
    [],
  );
  const endpoints = fc.array(endpoint, { maxLength: 2 });

  const reference: fc.Arbitrary<MessageRef> = fc
    .tuple(text, integer())
    .map(([sender, id]) => ({ sender, id }));

  const ask = sequence<Ask>(
    {
      action: enumeration(
        'moreFlows',
        'confirm',
        'block',
        'rateLimit',
        'blackhole',
        'redirect',
        'notifyCustomer',
        'stop',
      ),
      scope: endpoints,
      lifetime: integer(1n),
      rate: integer(0n),
      ...extensions,
    },
    ['action'],
  );
  const asks = fc.array(ask, { maxLength: 2 });

  const detection = sequence<Detection>(
    {
      sender: sequence<Detection['sender']>(
        {
          name: text.filter((name) => name !== ''),
          asn: unsigned32,
          contact: text,
          keyId: octets(),
          ...extensions,
        },
        ['name'],
      ),
      created: time,
      start: time,
      end: time,
      detector: sequence<NonNullable<Detection['detector']>>(
        { name: text, version: text, method: text, rule: text, ...extensions },
        ['name'],
      ),
      classification: fc.array(
        sequence<NonNullable<Detection['classification']>[number]>(
          { scheme: text, value: text, ...extensions },
          ['scheme', 'value'],
        ),
        { maxLength: 2 },
      ),
      severity: enumeration('info', 'low', 'medium', 'high', 'critical'),
      confidence: fc.nat(100),
      sources: endpoints,
      targets: endpoints,
      flow: row,
      totals: sequence<NonNullable<Detection['totals']>>(
        {
          flows: integer(0n),
          packets: integer(0n),
          octets: integer(0n),
          pps: integer(0n),
          bps: integer(0n),
          ...extensions,
        },
        [],
      ),
      tlp: enumeration('clear', 'green', 'amber', 'amberStrict', 'red'),
      exchange: sequence<NonNullable<Detection['exchange']>>(
        {
          inReplyTo: reference,
          related: fc.array(reference, { maxLength: 2 }),
          asks,
          outcome: sequence<NonNullable<NonNullable<Detection['exchange']>['outcome']>>(
            {
              status: enumeration(
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
              ),
              reason: text,
              applied: asks,
              until: time,
              ...extensions,
            },
            ['status'],
          ),
          expires: time,
          supersedes: reference,
          ...extensions,
        },
        [],
      ),
      text,
      additional: fc.array(
        fc.tuple(text, value).map(([name, value]) => ({ name, value })),
        { maxLength: 3 },
      ),
      ...extensions,
    },
    ['sender', 'created'],
  );

  const group = sequence<CorrelatedFlows>(
    {
      relation: text,
      exporter: octets(),
      domainId: unsigned32,
      fields: flowFields,
      flows: fc.array(row, { maxLength: 4 }),
      ...extensions,
    },
    ['flows'],
  );

  return sequence<FlexRecord>(
    {
      settings: sequence<FlexRecord['settings']>(
        {
          id: integer(),
          msgType: enumeration('alert', 'request', 'feedback'),
          eventType: enumeration(
            'cuC',
            'dDoS',
            'other',
            'scan',
            'bruteForce',
            'spam',
            'botInfection',
            'amplifier',
            'dataExfiltration',
          ),
          type: enumeration('netflow', 'ipfix', 'sflow', 'other'),
          version: enumeration('two', 'four', 'five', 'nine', 'ten', 'one', 'seven', 'eight', 'none'),
          ...extensions,
        },
        ['id', 'msgType', 'eventType', 'type', 'version'],
      ),
      flowFields,
      detection,
      correlation: fc.array(group, { maxLength: 3 }),
      ...extensions,
    },
    ['settings', 'flowFields', 'detection', 'correlation'],
  );
}

import {
  actions,
  anonymisationTechniques,
  type Endpoint,
  eventTypes,
  type FlowValue,
  flowProtocols,
  largestInteger,
  type Message,
  messageKinds,
  octetsToAddress,
  outcomeStatuses,
  samplingAlgorithms,
  severities,
  tlpLabels,
} from '@flowpact/event';
import fc from 'fast-check';

/** Records with all mandatory fields, the others there or not. */
function fields<T>(
  arbitraries: { readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  mandatory: readonly (keyof T)[],
): fc.Arbitrary<T> {
  return fc.record(arbitraries as never, {
    requiredKeys: mandatory as never[],
    noNullPrototype: true,
  }) as fc.Arbitrary<T>;
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const unsigned32 = fc.nat(0xffffffff);
const bigInteger = fc.bigInt(2n ** 53n, largestInteger);
const messageId = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.bigInt(-largestInteger, largestInteger).map(String),
);
const keyId = fc
  .uint8Array({ maxLength: 20 })
  .map((octets) => Buffer.from(octets).toString('hex').toUpperCase());
const timeMs = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
const count = fc.oneof(fc.maxSafeNat(), bigInteger);
const positive = fc.oneof(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), bigInteger);

const address = fc
  .oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map((octets) => octetsToAddress(octets)!);

const endpoint = fields<Endpoint>(
  {
    address,
    prefixLength: fc.nat(32),
    protocol: fc.nat(255),
    ports: fc.array(
      fc.oneof(
        fc.nat(65535).map((low) => ({ low })),
        fc
          .tuple(fc.nat(65535), fc.nat(65535))
          .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
      ),
      { maxLength: 2 },
    ),
    name: text,
    asn: unsigned32,
    role: text,
    spoofed: fc.boolean(),
  },
  [],
);
const endpoints = fc.array(endpoint, { maxLength: 2 });

const { value } = fc.letrec<{ value: FlowValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.double(),
    fc.oneof(
      bigInteger,
      bigInteger.map((integer) => -integer),
    ),
    text,
    fc.boolean(),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const row = fc.array(value, { maxLength: 5 });

type Flows = NonNullable<Message['event']['flows']>;
const layout = fields<Flows['layout']>(
  {
    columns: fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 32767 }).map((id) => ({ kind: 'iana' as const, id })),
        text.map((name) => ({ kind: 'named' as const, name })),
        fc
          .tuple(fc.integer({ min: 1, max: 32767 }), fc.integer({ min: 1, max: 0xffffffff }), fc.option(text))
          .map(([id, pen, name]) => ({
            kind: 'enterprise' as const,
            id,
            pen,
            ...(name === null ? {} : { name }),
          })),
      ),
      { maxLength: 4 },
    ),
    anonymisation: fields<NonNullable<Flows['layout']['anonymisation']>>(
      {
        technique: fc.constantFrom(...anonymisationTechniques),
        columns: fc.array(fc.nat(65535), { maxLength: 2 }),
        keyId: text,
        prefixKept: fc.nat(128),
      },
      ['technique'],
    ),
    sampling: fields<NonNullable<Flows['layout']['sampling']>>(
      { algorithm: fc.constantFrom(...samplingAlgorithms), interval: positive },
      ['algorithm', 'interval'],
    ),
  },
  ['columns'],
);

const flows = fields<Flows>(
  {
    layout,
    trigger: row,
    groups: fc.array(
      fields<Flows['groups'][number]>(
        {
          relation: text,
          exporter: fc.oneof(
            address,
            fc.uint8Array({ maxLength: 20 }).filter(({ length }) => length !== 4 && length !== 16),
          ),
          observationDomainId: unsigned32,
          layout,
          rows: fc.array(row, { maxLength: 3 }),
        },
        ['rows'],
      ),
      { maxLength: 2 },
    ),
  },
  ['layout', 'groups'],
).filter(
  (table) =>
    table.trigger !== undefined || table.groups.length > 0 || Object.values(table.layout).flat().length > 0,
);

const flowSource = fields<NonNullable<Message['event']['flowSource']>>(
  { protocol: fc.constantFrom(...flowProtocols), version: fc.nat(255) },
  ['protocol'],
).filter(({ protocol, version }) => protocol !== 'other' || version !== undefined);

const event = fields<Message['event']>(
  {
    type: fc.constantFrom(...eventTypes),
    startMs: timeMs,
    endMs: timeMs,
    detector: fields<NonNullable<Message['event']['detector']>>(
      { name: text, version: text, method: text, rule: text },
      ['name'],
    ),
    classifications: fc.array(
      fc.tuple(text, text).map(([scheme, word]) => ({ scheme, value: word })),
      { maxLength: 2 },
    ),
    severity: fc.constantFrom(...severities),
    confidence: fc.nat(100),
    sources: endpoints,
    targets: endpoints,
    totals: fields<NonNullable<Message['event']['totals']>>(
      { flows: count, packets: count, octets: count, packetsPerSecond: count, bitsPerSecond: count },
      [],
    ),
    tlp: fc.constantFrom(...tlpLabels),
    text,
    flowSource,
    flows,
    additional: fc.array(
      fc.tuple(text, value).map(([name, content]) => ({ name, value: content })),
      { minLength: 1, maxLength: 3 },
    ),
  },
  ['type'],
);

const reference = fc.tuple(text, messageId).map(([sender, id]) => ({ sender, id }));

type Conversation = NonNullable<Message['conversation']>;
const asks = fc.array(
  fields<NonNullable<Conversation['asks']>[number]>(
    {
      action: fc.constantFrom(...actions),
      scope: endpoints,
      lifetimeSeconds: positive,
      octetsPerSecond: count,
    },
    ['action'],
  ),
  { maxLength: 2 },
);

const conversation = fields<Conversation>(
  {
    inReplyTo: reference,
    related: fc.array(reference, { maxLength: 2 }),
    asks,
    outcome: fields<NonNullable<Conversation['outcome']>>(
      { status: fc.constantFrom(...outcomeStatuses), reason: text, applied: asks, untilMs: timeMs },
      ['status'],
    ),
    expiresMs: timeMs,
    supersedes: reference,
  },
  [],
);

/**
 * Valid messages in the forms in which they come back: integers as numbers where exact, addresses in canonical text,
 * a flow table and a flow source only where they say something.
 */
export function arbitraryMessage(): fc.Arbitrary<Message> {
  return fields<Message>(
    {
      kind: fc.constantFrom(...messageKinds),
      id: messageId,
      sender: fields<Message['sender']>(
        { name: text.filter((name) => name !== ''), asn: unsigned32, contact: text, keyId },
        ['name'],
      ),
      createdMs: timeMs,
      event,
      conversation,
    },
    ['kind', 'id', 'sender', 'createdMs', 'event'],
  );
}

import { actions, eventTypes, tlpLabels } from '@flowpact/event';
import { addressGroups, disclosedFields, trustLevels } from '@flowpact/exchange';
import { type FormatName, formats } from '@flowpact/formats';
import { z } from 'zod';
import { durationMsSchema, pathSchema } from './scalar-schemas.ts';

const timeSchema = z.iso.datetime({ offset: true });

const keySchema = z
  .strictObject({
    file: pathSchema.optional().meta({ description: 'The public key, armored (OpenPGP).' }),
    armored: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The public key itself, in the place of `file`.' }),
    from: timeSchema.optional().meta({ description: 'Signatures made before are refused, ISO 8601.' }),
    until: timeSchema.optional().meta({ description: 'Signatures made from then on are refused, ISO 8601.' }),
    revoked: z
      .boolean()
      .default(false)
      .meta({ description: 'The partner has told us not to believe it any more.' }),
  })
  .check(({ value, issues }) => {
    if ((value.file === undefined) === (value.armored === undefined)) {
      issues.push({
        code: 'custom',
        message: 'needs `file` or `armored`, one of them',
        path: [],
        input: value,
      });
    }
  });

const routeSchema = z.strictObject({
  transport: z.enum(['smtp', 'stomp']).meta({ description: 'Mail or a message broker.' }),
  address: z
    .string()
    .min(1)
    .meta({ description: 'A mail address, or a destination of the broker such as `/queue/isp-b`.' }),
});

const anonymisationSchema = z.union([
  z.strictObject({ kind: z.literal('none').meta({ description: 'Addresses stay as they are.' }) }),
  z.strictObject({
    kind: z.literal('truncation').meta({ description: 'Addresses become networks.' }),
    of: z.array(z.enum(addressGroups)).meta({ description: 'Whose; never the partner’s own.' }),
    ipv4Bits: z.int().min(0).max(32).meta({ description: 'Bits that stay.' }),
    ipv6Bits: z.int().min(0).max(128).meta({ description: 'Bits that stay.' }),
  }),
  z.strictObject({
    kind: z.literal('prefixPreserving').meta({ description: 'Crypto-PAn, within flows.' }),
    of: z.array(z.enum(addressGroups)).meta({ description: 'Whose; never the partner’s own.' }),
    keyFile: pathSchema.meta({ description: 'A file of 32 random octets, for this partner alone.' }),
  }),
]);

const policySchema = z
  .strictObject({
    trustLevel: z
      .enum(trustLevels)
      .optional()
      .meta({ description: 'What holds where nothing else is said; `low`.' }),
    subscriptions: z
      .array(z.enum(eventTypes))
      .optional()
      .meta({ description: 'It is told of events of these types wherever they happen, up to TLP:GREEN.' }),
    isClient: z
      .boolean()
      .optional()
      .meta({ description: 'A client of ours: what others told us as TLP:AMBER may be told on to it.' }),
    disclosure: z
      .strictObject({
        eventTypes: z
          .array(z.enum(eventTypes))
          .optional()
          .meta({ description: 'It is told of these types only.' }),
        maxTlp: z.enum(tlpLabels).optional().meta({ description: 'The strictest label that it may see.' }),
        fields: z
          .array(z.enum(disclosedFields))
          .optional()
          .meta({ description: 'Optional parts of events.' }),
        flowColumns: z
          .array(z.union([z.int().min(0), z.string().min(1)]))
          .optional()
          .meta({
            description: 'Columns of flows: numbers of Information Elements, `PEN/number`, or names.',
          }),
        maxFlows: z.int().min(0).max(100_000).optional().meta({ description: 'Flows in one message.' }),
        anonymisation: anonymisationSchema.optional().meta({ description: 'How addresses are hidden.' }),
      })
      .optional()
      .meta({ description: 'What it may see.' }),
    asks: z
      .strictObject({
        actions: z.array(z.enum(actions)).optional().meta({ description: 'What it may ask for.' }),
        maxLifetimeSeconds: z
          .int()
          .min(1)
          .max(366 * 86_400)
          .optional()
          .meta({ description: 'The longest that a block and its like may be asked for.' }),
        minIpv4PrefixLength: z
          .int()
          .min(0)
          .max(32)
          .optional()
          .meta({ description: 'The largest IPv4 network of these.' }),
        minIpv6PrefixLength: z
          .int()
          .min(0)
          .max(128)
          .optional()
          .meta({ description: 'The largest IPv6 network of these.' }),
        maxFlowSpanMs: durationMsSchema
          .optional()
          .meta({ description: 'The longest time that it may ask flows of.' }),
      })
      .optional()
      .meta({ description: 'What it may ask for.' }),
    rateLimit: z
      .strictObject({
        messages: z.int().min(1).max(1_000_000).optional().meta({ description: 'Alerts in a period.' }),
        periodMs: durationMsSchema.min(1000).optional().meta({ description: 'The period, milliseconds.' }),
      })
      .optional()
      .meta({ description: 'How many alerts it gets; what is more is told in a digest.' }),
    foreignSpace: z
      .enum(['refuse', 'mark'])
      .optional()
      .meta({ description: 'What becomes of its alerts that concern neither its addresses nor ours.' }),
  })
  .meta({ description: 'What the partner may see and ask. What is left out follows from `trustLevel`.' });

const languageNames = formats.map(({ name }) => name) as [FormatName, ...FormatName[]];

/** Another network; also what a file of the partners directory holds. */
export const partnerConfigSchema = z.strictObject({
  name: z.string().min(1).max(200).meta({ description: 'What it calls itself in its messages.' }),
  asn: z.int().min(0).max(0xffffffff).optional().meta({ description: 'Its autonomous system.' }),
  contact: z.string().min(1).optional().meta({ description: 'A `mailto:` URI.' }),
  addressSpace: z
    .array(z.string().min(1))
    .max(10_000)
    .default([])
    .meta({ description: 'The networks that it answers for: `192.0.2.0/24`, `2001:db8::/32`.' }),
  languages: z
    .array(z.enum(languageNames))
    .min(1)
    .default(['flex'])
    .meta({ description: 'What it reads, the preferred first.' }),
  routes: z
    .array(routeSchema)
    .min(1)
    .max(16)
    .meta({ description: 'How it is reached, the preferred first.' }),
  keys: z
    .array(keySchema)
    .max(16)
    .default([])
    .meta({ description: 'What it signs with; several during a rotation.' }),
  encrypt: z.boolean().default(false).meta({ description: 'Whether what leaves for it is encrypted, too.' }),
  unsigned: z
    .enum(['refuse', 'record'])
    .default('refuse')
    .meta({ description: 'What becomes of its messages that nothing proves to be its own: never acted on.' }),
  policy: policySchema.optional(),
});

export type PartnerConfig = z.infer<typeof partnerConfigSchema>;

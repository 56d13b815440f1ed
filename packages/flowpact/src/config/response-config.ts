import { actions, eventTypes } from '@flowpact/event';
import {
  defaultCollateral,
  defaultMitigatorLimits,
  defaultPlanner,
  defaultRails,
  responseModes,
} from '@flowpact/response';
import { z } from 'zod';
import { emitterConfigSchema } from './emitter-config.ts';
import { durationMsSchema, nameSchema } from './scalar-schemas.ts';

const countSchema = z.int().min(1).max(1_000_000);
const shareSchema = z.number().min(0).max(1);

const ruleActionSchema = z.union([
  z.strictObject({ kind: z.literal('drop').meta({ description: 'The packets are dropped.' }) }),
  z.strictObject({
    kind: z.literal('rateLimit').meta({ description: 'What is beyond a rate is dropped.' }),
    octetsPerSecond: z
      .int()
      .min(0)
      .max(2 ** 40)
      .meta({ description: 'The rate.' }),
  }),
  z.strictObject({
    kind: z.literal('redirect').meta({ description: 'Into a VRF, as to a scrubber.' }),
    routeTarget: z.string().min(1).meta({ description: 'Its route target: `65000:100`.' }),
  }),
  z.strictObject({
    kind: z.literal('mark').meta({ description: 'The packets get a DSCP.' }),
    dscp: z.int().min(0).max(63).meta({ description: 'It.' }),
  }),
  z.strictObject({
    kind: z.literal('blackhole').meta({ description: 'Everything to the victim is discarded.' }),
  }),
]);

const playbookEntrySchema = z.strictObject({
  eventTypes: z.array(z.enum(eventTypes)).min(1).optional().meta({ description: 'Of these types; any.' }),
  from: z
    .array(z.enum(['own', 'none', 'low', 'medium', 'high']))
    .min(1)
    .optional()
    .meta({
      description:
        'Events of ours, or of partners of these trust levels: requests, and without `asks` alerts, too, on which a person decides; `own`.',
    }),
  minConfidence: z.int().min(0).max(100).optional().meta({ description: 'Percent; 0.' }),
  asks: z
    .array(z.enum(actions))
    .min(1)
    .optional()
    .meta({ description: 'Of requests: what is asked for; whatever.' }),
  level: z
    .enum(['off', 'propose', 'approve', 'auto'])
    .meta({ description: 'Nothing; only to be looked at; applied when a person says so; applied.' }),
  emitters: z
    .array(nameSchema)
    .max(16)
    .default([])
    .meta({ description: 'Their names, the preferred first.' }),
  actions: z
    .array(ruleActionSchema)
    .min(1)
    .max(16)
    .optional()
    .meta({ description: 'What rules do; `drop`. Nothing is blackholed unless that is listed.' }),
  lifetimeSeconds: z.int().min(1).optional().meta({ description: 'How long a rule stays; 3,600.' }),
});

const railsSchema = z
  .strictObject({
    allowList: z
      .array(z.string().min(1))
      .max(10_000)
      .default([...defaultRails.allowList])
      .meta({ description: 'Networks that no rule may touch with either end.' }),
    minIpv4PrefixLength: z.int().min(1).max(32).default(defaultRails.minIpv4PrefixLength).meta({
      description: 'The shortest prefix of a rule.',
    }),
    minIpv6PrefixLength: z.int().min(1).max(128).default(defaultRails.minIpv6PrefixLength).meta({
      description: 'The shortest prefix of a rule.',
    }),
    maxLifetimeSeconds: z
      .int()
      .min(1)
      .max(366 * 86_400)
      .default(defaultRails.maxLifetimeSeconds)
      .meta({ description: 'No rule stays for longer; it may be extended.' }),
    approvals: z
      .union([z.literal(1), z.literal(2)])
      .default(defaultRails.approvals)
      .meta({ description: 'How many people have to say yes where one has to.' }),
    maxInForce: countSchema.default(defaultRails.maxInForce).meta({ description: 'Rules at a time.' }),
    maxInForcePerPartner: countSchema
      .default(defaultRails.maxInForcePerPartner)
      .meta({ description: 'Of these, rules that one partner asked for.' }),
    maxInForcePerTarget: countSchema
      .default(defaultRails.maxInForcePerTarget)
      .meta({ description: 'Of these, rules to one destination.' }),
    maxPerMinute: countSchema
      .default(defaultRails.maxPerMinute)
      .meta({ description: 'Rules that are new in any minute.' }),
  })
  .meta({ description: 'What holds for every rule at every emitter, checked last.' });

const collateralSchema = z
  .strictObject({
    windowMs: durationMsSchema
      .default(defaultCollateral.windowMs)
      .meta({ description: 'Rules are tried on the flows of so long, milliseconds.' }),
    minAttackShare: shareSchema
      .default(defaultCollateral.limits.minAttackShare)
      .meta({ description: 'Share of the packets of the attack that a rule has to hit, 0 to 1.' }),
    maxOtherOctetsShare: shareSchema
      .default(defaultCollateral.limits.maxOtherOctetsShare)
      .meta({ description: 'Share of the octets of others that it may hit, 0 to 1.' }),
    maxOtherFlows: z
      .int()
      .min(0)
      .default(defaultCollateral.limits.maxOtherFlows)
      .meta({ description: 'Flow records of others that it may hit.' }),
    maxOtherHosts: z
      .int()
      .min(0)
      .default(defaultCollateral.limits.maxOtherHosts)
      .meta({ description: 'Hosts, no part of the attack, that it may hit.' }),
  })
  .meta({
    description: 'What a rule would have done to the flows that are kept; what is beyond is refused.',
  });

const limitsSchema = z
  .strictObject({
    maxRules: z.int().min(1).max(100).default(defaultPlanner.maxRules).meta({
      description: 'Rules against one event.',
    }),
    maxOpen: z.int().min(1).max(10_000).default(defaultMitigatorLimits.maxOpen).meta({
      description: 'Mitigations that have not ended; for one more, the oldest proposal expires.',
    }),
    maxRequestsPerMinute: countSchema.default(defaultMitigatorLimits.maxRequestsPerMinute).meta({
      description: 'Requests of one partner that are looked at; others are refused.',
    }),
    maxProposedPerPartner: z
      .int()
      .min(1)
      .max(10_000)
      .default(defaultMitigatorLimits.maxProposedPerPartner)
      .meta({
        description: 'Requests of one partner that wait for a person; others are refused.',
      }),
    proposalMs: durationMsSchema.default(defaultMitigatorLimits.proposalMs).meta({
      description: 'What nobody has decided on by then expires, milliseconds.',
    }),
    quietAfterMs: durationMsSchema.default(defaultMitigatorLimits.quietAfterMs).meta({
      description: 'A rule is taken back when its event has not been seen for so long, milliseconds.',
    }),
    probeAfterMs: durationMsSchema.default(defaultMitigatorLimits.probeAfterMs).meta({
      description:
        'The same for emitters that hide the traffic; doubled each time that the event returns, milliseconds.',
    }),
    emitterTimeoutMs: durationMsSchema.default(defaultMitigatorLimits.emitterTimeoutMs).meta({
      description: 'How long an emitter may take for an answer, milliseconds.',
    }),
    maxAttempts: z.int().min(1).max(1_000).default(defaultMitigatorLimits.maxAttempts).meta({
      description: 'Attempts to apply a rule; taking one back is tried without end.',
    }),
    reconcileMs: durationMsSchema.default(defaultMitigatorLimits.reconcileMs).meta({
      description: 'How often it is read back what is in force, milliseconds.',
    }),
  })
  .meta({ description: 'Bounds and times.' });

/** From an event to a rule that is safe to apply. */
export const responseConfigSchema = z
  .strictObject({
    mode: z
      .enum(responseModes)
      .default('dry-run')
      .meta({
        description:
          'How far anything may go: nothing; everything is proposed and nothing applied; nothing without a person; what the ' +
          'playbook lets. `flowpact mitigate mode` lowers it while it runs.',
      }),
    playbook: z
      .array(playbookEntrySchema)
      .max(1_000)
      .default([])
      .meta({ description: 'What may become of an event or a request: the first entry that fits it.' }),
    emitters: z
      .array(emitterConfigSchema)
      .max(64)
      .default([])
      .meta({ description: 'What rules are handed to.' }),
    rails: railsSchema.prefault({}),
    collateral: collateralSchema.prefault({}),
    limits: limitsSchema.prefault({}),
  })
  .meta({ description: 'Rules against what is found, or asked for by partners. Left out: none.' });

export type ResponseSettings = z.infer<typeof responseConfigSchema>;

import { defaultBlackholeRoute, defaultSuricataList } from '@flowpact/response';
import { z } from 'zod';
import { nameSchema, pathSchema } from './scalar-schemas.ts';

const common = {
  name: nameSchema.meta({ description: 'What the playbook calls it.' }),
  hidesTraffic: z.boolean().default(false).meta({
    description:
      'Whether its rules take traffic away before it is measured. What is silent then may go on: see `limits.probeAfterMs`.',
  }),
};

/** A name that is looked for in `PATH`, or a path from the root: whoever starts it must not depend on where that is done. */
const programSchema = z
  .string()
  .regex(/^(?:[A-Za-z0-9][A-Za-z0-9._-]*|\/[^\0]+)$/, 'a name in PATH or a path from / is wanted');

const timeoutMs = (what: string, defaultMs: number) =>
  z
    .int()
    .min(1)
    .max(600_000)
    .default(defaultMs)
    .meta({ description: `For each ${what}, milliseconds.` });

const netns = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'the name of a network namespace is wanted')
  .optional()
  .meta({ description: 'Network namespace (`ip netns`); that of Flowpact where left out.' });

/** Something that rules are handed to. */
export const emitterConfigSchema = z.union([
  z.strictObject({
    kind: z.literal('exabgp').meta({ description: 'Routers, by flow specifications and blackholes.' }),
    ...common,
    socket: pathSchema.meta({ description: 'The unix socket of `flowpact-exabgp`, which ExaBGP runs.' }),
    timeoutMs: timeoutMs('question to it', 15_000),
  }),
  z.strictObject({
    kind: z.literal('nftables').meta({ description: 'The packet filter of this host.' }),
    ...common,
    table: z
      .string()
      .regex(/^flowpact[a-z0-9_]{0,23}$/, 'flowpact is wanted, and small letters, digits and _ behind it')
      .default('flowpact')
      .meta({ description: 'Table of the family `inet`, of Flowpact alone; it is made.' }),
    hook: z.enum(['forward', 'input', 'prerouting']).default('forward').meta({
      description: 'Where packets meet the rules: on their way through, to this host, or both.',
    }),
    priority: z.int().min(-400).max(400).default(-10).meta({ description: 'Of the chain.' }),
    netns,
    nft: programSchema.default('nft').meta({ description: 'The program.' }),
    timeoutMs: timeoutMs('call of nft', 10_000),
  }),
  z.strictObject({
    kind: z.literal('gobgp').meta({ description: 'Routers, by GoBGP; its rules end when Flowpact says so.' }),
    ...common,
    api: z
      .string()
      .min(1)
      .default('127.0.0.1:50051')
      .meta({ description: 'Where gobgpd listens: `HOST:PORT` or `unix:///run/gobgp.sock`.' }),
    mark: z
      .string()
      .min(1)
      .default('64496:8955')
      .meta({ description: 'The community that every route of ours carries, by which they are known.' }),
    nextHopIpv4: z
      .ipv4()
      .default(defaultBlackholeRoute.nextHopIpv4)
      .meta({ description: 'Next hop of blackholes; routers route it to nowhere.' }),
    nextHopIpv6: z
      .ipv6()
      .default(defaultBlackholeRoute.nextHopIpv6)
      .meta({ description: 'The same of IPv6.' }),
    communities: z
      .array(z.string().min(1))
      .min(1)
      .max(32)
      .default([...defaultBlackholeRoute.communities])
      .meta({ description: 'Communities of blackholes.' }),
    gobgp: programSchema.default('gobgp').meta({ description: 'The program.' }),
    netns,
    timeoutMs: timeoutMs('call of gobgp', 10_000),
  }),
  z.strictObject({
    kind: z.literal('blockList').meta({ description: 'A file that others read.' }),
    ...common,
    path: pathSchema.meta({ description: 'It; always whole.' }),
    format: z.enum(['text', 'suricata', 'misp', 'stix']).default('text').meta({
      description: 'A network a line, rules of Suricata, an event of MISP, or a bundle of STIX 2.1.',
    }),
    producer: z.string().min(1).max(200).optional().meta({
      description:
        'Of `misp` and `stix`: whose list it is, usually a domain; `exchange.name`, else required.',
    }),
    firstSid: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .default(defaultSuricataList.firstSid)
      .meta({ description: 'Of `suricata`: the first signature id.' }),
    sids: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(defaultSuricataList.sids)
      .meta({ description: 'Of `suricata`: how many there are; rules beyond are refused.' }),
  }),
  z.strictObject({
    kind: z.literal('webhook').meta({ description: 'A program of your own.' }),
    ...common,
    url: z.url().meta({ description: 'Where it takes rules by POST and tells them by GET.' }),
    secretFile: pathSchema.meta({
      description: 'What requests are signed with (Standard Webhooks), 16 octets at least.',
    }),
    timeoutMs: timeoutMs('request', 10_000),
  }),
]);

export type EmitterSettings = z.infer<typeof emitterConfigSchema>;

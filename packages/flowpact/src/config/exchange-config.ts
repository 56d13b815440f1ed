import { z } from 'zod';
import { partnerConfigSchema } from './partner-config.ts';
import { durationMsSchema, hostPortSchema, pathSchema } from './scalar-schemas.ts';

const hostNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/, 'the name of a host or a domain is wanted');

const mailFieldsSchema = z.strictObject({
  from: z.email().meta({ description: 'Our mail address: what partners know us by.' }),
  relay: z
    .strictObject({
      server: hostPortSchema.meta({ description: 'The smart host, `HOST:PORT`.' }),
      name: hostNameSchema
        .optional()
        .meta({ description: 'What we call ourselves to it (EHLO); the name of this host where left out.' }),
      secure: z.boolean().default(false).meta({ description: 'TLS from the first octet.' }),
      requireTls: z.boolean().default(false).meta({ description: 'No mail without TLS.' }),
      authorityFile: pathSchema.optional().meta({
        description: 'Authorities that its certificate must come from, PEM; else those that Node.js knows.',
      }),
      user: z.string().min(1).optional().meta({ description: 'Whom we log in as.' }),
      passwordFile: pathSchema.optional().meta({ description: 'Our password there.' }),
    })
    .optional()
    .meta({ description: 'Where mail is handed over; without it and `direct` nothing is sent by mail.' }),
  direct: z
    .strictObject({
      name: hostNameSchema.optional().meta({
        description: 'What we call ourselves (EHLO), as the DNS names our address; the domain of `from`.',
      }),
      security: z.enum(['opportunistic', 'required']).default('opportunistic').meta({
        description: 'TLS where it is offered, whatever the certificate; TLS with a right one, or no mail.',
      }),
      port: z.int().min(1).max(65_535).default(25).meta({ description: 'Of the hosts.' }),
      authorityFile: pathSchema.optional().meta({
        description: 'Authorities that certificates must come from, PEM; else those that Node.js knows.',
      }),
    })
    .optional()
    .meta({ description: 'Delivery to the hosts of each partner, found by MX, in the place of `relay`.' }),
  dkim: z
    .strictObject({
      domain: hostNameSchema.optional().meta({ description: 'What signs; the domain of `from`.' }),
      selector: hostNameSchema.meta({
        description: 'Where the public key is in the DNS: `SELECTOR._domainkey.DOMAIN`.',
      }),
      keyFile: pathSchema.meta({ description: 'The private key, RSA or Ed25519, PEM.' }),
    })
    .optional()
    .meta({ description: 'Signs mail for the mail systems on the way (RFC 6376).' }),
  listen: z
    .strictObject({
      address: hostPortSchema.meta({ description: 'Where mail is taken, `HOST:PORT`.' }),
      recipients: z
        .array(z.email())
        .min(1)
        .optional()
        .meta({ description: 'The only addresses that mail is taken for; `from` where left out.' }),
      maxMessagesPerMinute: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(120)
        .meta({ description: 'Mails from one IP address, which a smart host is; more have to come again.' }),
      keyFile: pathSchema.optional().meta({ description: 'Private key for STARTTLS, PEM.' }),
      certificateFile: pathSchema.optional().meta({ description: 'Certificate for STARTTLS, PEM.' }),
    })
    .optional()
    .meta({ description: 'An SMTP server of our own, behind the mail server that partners know.' }),
  mailbox: z
    .strictObject({
      server: hostPortSchema.meta({ description: 'The IMAP server, `HOST:PORT`; usually 993.' }),
      security: z.enum(['implicit', 'required', 'opportunistic', 'none']).default('implicit').meta({
        description: 'TLS from the first octet; STARTTLS or no login; STARTTLS where it is offered; none.',
      }),
      authorityFile: pathSchema.optional().meta({
        description: 'Authorities that its certificate must come from, PEM; else those that Node.js knows.',
      }),
      user: z.string().min(1).meta({ description: 'Whom we log in as.' }),
      passwordFile: pathSchema.meta({ description: 'Our password there.' }),
      folder: z.string().min(1).default('INBOX').meta({ description: 'The mailbox; of Flowpact alone.' }),
      folders: z
        .strictObject({
          done: z.string().min(1).meta({ description: 'For what was taken.' }),
          refused: z.string().min(1).meta({ description: 'For what was not.' }),
        })
        .optional()
        .meta({ description: 'Where mails are moved to; else they stay, marked as read.' }),
    })
    .optional()
    .meta({ description: 'A mailbox that mail is fetched from by IMAP, instead of `listen` or beside it.' }),
});

const mailSchema = mailFieldsSchema.check(({ value, issues }) => {
  if (value.relay === undefined || value.direct === undefined) return;
  const message = 'mail goes to a relay or direct, not both: leave one of them out';
  issues.push({ code: 'custom', message, path: ['direct'], input: value });
});

const stompSchema = z.strictObject({
  server: hostPortSchema.meta({ description: 'The broker, `HOST:PORT`; usually 61613, with TLS 61614.' }),
  tls: z.boolean().default(false).meta({ description: 'TLS from the first octet.' }),
  authorityFile: pathSchema.optional().meta({
    description: 'Authorities that its certificate must come from, PEM; else those that Node.js knows.',
  }),
  user: z.string().min(1).optional().meta({ description: 'Whom we log in as.' }),
  passwordFile: pathSchema.optional().meta({ description: 'Our password there.' }),
  virtualHost: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Header `host` of CONNECT; `/` where left out.' }),
  address: z
    .string()
    .min(1)
    .meta({ description: 'Our own destination, which partners send to: `/queue/isp-a`.' }),
  subscribe: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: 'Destinations to take messages from; the own one where left out.' }),
});

/** Who we are to partners, who they are, and how messages travel. */
export const exchangeConfigSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Our name, usually a domain: the sender of what leaves.' }),
    asn: z.int().min(0).max(0xffffffff).optional().meta({ description: 'Our autonomous system.' }),
    contact: z.string().min(1).optional().meta({ description: 'A `mailto:` URI.' }),
    addressSpace: z
      .array(z.string().min(1))
      .max(10_000)
      .default([])
      .meta({ description: 'The networks that we answer for.' }),
    keys: z
      .array(
        z.strictObject({
          file: pathSchema.meta({ description: 'A private key, armored (OpenPGP).' }),
          passphraseFile: pathSchema.optional().meta({ description: 'What unlocks it.' }),
        }),
      )
      .max(16)
      .default([])
      .meta({
        description:
          'Our keys; all that are valid sign. Without any, nothing is signed and partners are believed by their ' +
          'addresses alone, which anybody can write: for networks that nobody else can reach.',
      }),
    mail: mailSchema.optional().meta({ description: 'Partners by mail.' }),
    stomp: stompSchema.optional().meta({ description: 'Partners by a message broker (STOMP 1.2).' }),
    partners: z
      .array(partnerConfigSchema)
      .max(10_000)
      .default([])
      .meta({ description: 'The other networks.' }),
    partnersDirectory: pathSchema.default('partners.d').meta({
      description: 'More of them, a file `*.yaml` each, which `flowpact partners accept` writes.',
    }),
    alerting: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .meta({ description: 'Whether partners are told of events by themselves.' }),
        aggregationMs: durationMsSchema.default(300_000).meta({
          description: 'How long further events of the same kind are gathered to one message, milliseconds.',
        }),
        maxAggregationMs: durationMsSchema
          .default(3_600_000)
          .meta({ description: 'The longest such time; it doubles as long as there are any.' }),
        defaultTlp: z
          .enum(['clear', 'green', 'amber', 'amberStrict', 'red'])
          .default('amber')
          .meta({ description: 'The label of events that have none.' }),
      })
      .prefault({})
      .meta({ description: 'Which events partners are told of, and how often.' }),
    retryMs: durationMsSchema
      .default(5_000)
      .meta({ description: 'The pause after a first attempt that failed; doubled each time, milliseconds.' }),
    nextRouteAfterMs: durationMsSchema.default(600_000).meta({
      description: 'A route that has failed for so long is passed over for the next one, milliseconds.',
    }),
    answerWithinMs: durationMsSchema
      .default(86_400_000)
      .meta({ description: 'What partners have not answered by then is overdue, milliseconds.' }),
  })
  .meta({ description: 'The exchange with partners. Left out: none.' });

export type ExchangeSettings = z.infer<typeof exchangeConfigSchema>;

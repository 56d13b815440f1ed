import { z } from 'zod';
import { documentFormats } from '../output/format/document-formats.ts';
import { syslogFacilities } from '../output/format/syslog-message.ts';
import { isSpooled } from '../output/output-settings.ts';
import { type OutputTarget, outputTargetSyntax, parseOutputTarget } from '../output/output-target.ts';
import { kafkaLoginMechanisms } from '../output/send/open-kafka-producer.ts';
import { durationMsSchema, nameSchema, pathSchema } from './scalar-schemas.ts';

export const elasticsearchSchema = z
  .strictObject({
    index: z
      .string()
      .regex(
        /^[a-z0-9{][a-z0-9{}._-]*(?:%[YmdH][a-z0-9{}._-]*)*$/,
        'lower-case letters, digits, dots, dashes and underscores are wanted, and %Y %m %d %H {what}',
      )
      .default('flowpact-{what}-%Y.%m.%d')
      .meta({
        description:
          'The index, with `%Y %m %d %H` of the time of what is written (UTC), and `{what}` for `events` or `detections`.',
      }),
    template: z
      .boolean()
      .default(true)
      .meta({
        description:
          'Whether an index template for it is installed where there is none of its name and version. One that is there is ' +
          'left alone; where that is not allowed, it is told once and done without.',
      }),
    user: z.string().min(1).optional().meta({ description: 'User for basic authentication.' }),
    passwordFile: pathSchema.optional().meta({ description: 'A file with the password of `user`.' }),
    apiKeyFile: pathSchema
      .optional()
      .meta({ description: 'A file with an API key, in the base64 form that the server calls `encoded`.' }),
  })
  .meta({ description: 'With `elasticsearch://` and `elasticsearch+tls://`: Elasticsearch or OpenSearch.' });

export const webhookSchema = z
  .strictObject({
    body: z.enum(['single', 'batch']).default('single').meta({
      description: '`single`: each event or row is a request; `batch`: a request is an array of up to 100.',
    }),
    secretFile: pathSchema.optional().meta({
      description:
        'A file with the secret that requests are signed with, as Standard Webhooks has it (`webhook-signature`); it may ' +
        'begin with `whsec_`.',
    }),
    tokenFile: pathSchema
      .optional()
      .meta({ description: 'A file with a token for `Authorization: Bearer`.' }),
  })
  .meta({ description: 'With `http://` and `https://`.' });

export const syslogSchema = z
  .strictObject({
    facility: z.enum(syslogFacilities).default('local0').meta({ description: 'The facility.' }),
    hostname: z
      .string()
      .regex(/^[!-~]{1,255}$/, 'printable ASCII without spaces is wanted')
      .optional()
      .meta({ description: 'HOSTNAME; the name of this host where left out.' }),
    appName: z
      .string()
      .regex(/^[!-~]{1,48}$/, 'printable ASCII without spaces is wanted, 48 at most')
      .default('flowpact')
      .meta({ description: 'APP-NAME.' }),
    enterpriseNumber: z
      .int()
      .min(1)
      .max(0xffffffff)
      .default(32473)
      .meta({
        description:
          'The private enterprise number in the name of the structured data, `flowpact@NUMBER`; 32473 is the one for ' +
          'examples (RFC 5612): give your own.',
      }),
    maxMessageBytes: z
      .int()
      .min(480)
      .max(1 << 20)
      .default(8192)
      .meta({
        description:
          'Octets of a message; one that would have more goes without the JSON text. RFC 5425 has receivers take 8,192 over ' +
          'TLS; over UDP they may take only 2,048, and a datagram holds 65,507.',
      }),
  })
  .meta({ description: 'With `syslog://`, `syslog+tcp://` and `syslog+tls://`: RFC 5424.' });

export const kafkaSchema = z
  .strictObject({
    user: z.string().min(1).optional().meta({ description: 'Whom we log in as (SASL).' }),
    passwordFile: pathSchema.optional().meta({ description: 'A file with the password of `user`.' }),
    mechanism: z
      .enum(kafkaLoginMechanisms)
      .default('SCRAM-SHA-512')
      .meta({ description: 'How the password is proven; `PLAIN` only over TLS.' }),
  })
  .meta({ description: 'With `kafka://` and `kafka+tls://`; several brokers with commas between them.' });

const tlsSchema = z
  .strictObject({
    authorityFile: pathSchema.optional().meta({
      description:
        'Authorities that the receiver’s certificate has to come from, PEM; those of the system where left out.',
    }),
    certificateFile: pathSchema
      .optional()
      .meta({ description: 'Our certificate and those that lead to its authority, PEM.' }),
    keyFile: pathSchema.optional().meta({ description: 'Our private key, PEM.' }),
  })
  .meta({ description: 'With `tls://`, `…+tls://` and `https://`.' });

const spoolSchema = z
  .strictObject({
    maxBytes: z
      .int()
      .min(1 << 16)
      .max(2 ** 40)
      .default(256 << 20)
      .meta({
        description:
          'Octets that may wait on the disk for a receiver; where there would be more, the oldest go and are counted.',
      }),
    syncAfterMs: durationMsSchema
      .max(3_600_000)
      .default(1000)
      .meta({
        description:
          'Time from a write until it is flushed to the disk, milliseconds: what a power failure may lose. `kill -9` loses none ' +
          'of it.',
      }),
  })
  .meta({ description: 'What waits for a receiver, in `outputs/NAME/` of the state directory.' });

/** Where findings go. */
export const outputConfigSchema = z
  .strictObject({
    to: z
      .string()
      .min(1)
      .check((context) => {
        try {
          parseOutputTarget(context.value);
        } catch (error) {
          context.issues.push({ code: 'custom', message: (error as Error).message, input: context.value });
        }
      })
      .meta({
        description:
          `${outputTargetSyntax}. For a receiver over TCP or HTTP that is slow or away it waits on the disk; with the others, ` +
          'what is slow or away loses lines, which are counted.',
      }),
    name: nameSchema.optional().meta({
      description:
        'What its spool and its counters are called; made of `to` and `what` where left out. Of two outputs none may be the same.',
    }),
    what: z.enum(['events', 'detections', 'both']).default('events').meta({
      description:
        '`events`: security events, which statements with `@SecurityEvent` make. `detections`: rows of statements.',
    }),
    statements: z
      .array(z.string().min(1))
      .max(1000)
      .optional()
      .meta({
        description:
          'Only these statements, as `NAME` or `MODULE/NAME`. Left out: every statement with `@SecurityEvent` for events; ' +
          '`Output`, or all that feed no other, for detections.',
      }),
    format: z
      .enum(documentFormats)
      .optional()
      .meta({
        description:
          '`native`: events as they are, rows with their module and statement; `flowcep`: rows as espercli prints them; `ecs`: ' +
          'events in the fields of the Elastic Common Schema. Left out: `flowcep` for `detections`, else `native`.',
      }),
    evidence: z.boolean().optional().meta({
      description:
        'Whether the flows that are an event’s evidence travel along, in `native`; where left out they do, but not with syslog.',
    }),
    elasticsearch: elasticsearchSchema.optional(),
    kafka: kafkaSchema.optional(),
    webhook: webhookSchema.optional(),
    syslog: syslogSchema.optional(),
    tls: tlsSchema.optional(),
    spool: spoolSchema.optional(),
  })
  .check(({ value, issues }) => {
    for (const { path, message } of misfits(value)) {
      issues.push({ code: 'custom', message, path: [...path], input: value });
    }
  });

export type OutputConfig = z.infer<typeof outputConfigSchema>;

interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Keys that do not go together. */
function misfits(config: {
  readonly to: string;
  readonly what: 'events' | 'detections' | 'both';
  readonly format?: (typeof documentFormats)[number] | undefined;
  readonly elasticsearch?: z.infer<typeof elasticsearchSchema> | undefined;
  readonly kafka?: z.infer<typeof kafkaSchema> | undefined;
  readonly webhook?: object | undefined;
  readonly syslog?: object | undefined;
  readonly tls?: z.infer<typeof tlsSchema> | undefined;
  readonly spool?: object | undefined;
}): readonly Misfit[] {
  const { to, what, format, elasticsearch, kafka, tls } = config;
  const target = targetOf(to);
  if (target === undefined) return [];
  const found: Misfit[] = [];
  for (const group of ['elasticsearch', 'kafka', 'webhook', 'syslog'] as const) {
    if (config[group] !== undefined && target.kind !== group) {
      found.push({ path: [group], message: `does not go with ${to}` });
    }
  }
  if (tls !== undefined && !isOverTls(target)) {
    found.push({ path: ['tls'], message: `goes with tls://, …+tls:// and https:// only, not with ${to}` });
  }
  if (tls !== undefined && (tls.certificateFile === undefined) !== (tls.keyFile === undefined)) {
    found.push({ path: ['tls'], message: 'needs both of certificateFile and keyFile, or none' });
  }
  if (config.spool !== undefined && !isSpooled(target)) {
    found.push({ path: ['spool'], message: `does not go with ${to}, which has nothing to wait for` });
  }
  if (format === 'flowcep' && what !== 'detections') {
    found.push({ path: ['format'], message: 'flowcep is about rows: it goes with `what: detections`' });
  }
  if (format === 'ecs' && what === 'detections') {
    found.push({ path: ['format'], message: 'ecs is about events: it goes with `what: events` or `both`' });
  }
  if (elasticsearch !== undefined) {
    const { user, passwordFile, apiKeyFile } = elasticsearch;
    if ((user === undefined) !== (passwordFile === undefined)) {
      found.push({ path: ['elasticsearch'], message: 'needs both of user and passwordFile, or none' });
    }
    if (user !== undefined && apiKeyFile !== undefined) {
      found.push({ path: ['elasticsearch', 'apiKeyFile'], message: 'does not go with user' });
    }
  }
  if (kafka !== undefined) {
    if ((kafka.user === undefined) !== (kafka.passwordFile === undefined)) {
      found.push({ path: ['kafka'], message: 'needs both of user and passwordFile, or none' });
    }
    if (kafka.user !== undefined && kafka.mechanism === 'PLAIN' && !isOverTls(target)) {
      found.push({
        path: ['kafka', 'mechanism'],
        message: 'PLAIN shows the password to all on the way: use kafka+tls://',
      });
    }
  }
  return found;
}

/** Undefined where it is wrong, which is told elsewhere. */
function targetOf(to: string): OutputTarget | undefined {
  try {
    return parseOutputTarget(to);
  } catch {
    return undefined;
  }
}

function isOverTls(target: OutputTarget): boolean {
  switch (target.kind) {
    case 'standardOutput':
    case 'file':
      return false;
    case 'lines':
    case 'syslog':
      return target.transport === 'tls';
    case 'elasticsearch':
    case 'webhook':
      return target.base.protocol === 'https:';
    case 'kafka':
      return target.isOverTls;
    default:
      return target satisfies never;
  }
}

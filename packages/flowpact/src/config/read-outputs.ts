import { hostname } from 'node:os';
import type { z } from 'zod';
import { FlowpactError } from '../flowpact-error.ts';
import { defaultOutputName, type OutputSettings } from '../output/output-settings.ts';
import { parseOutputTarget } from '../output/output-target.ts';
import { parseWebhookSecret } from '../output/send/webhook-sender.ts';
import { createConfigFiles } from './config-files.ts';
import type { LoadedConfig } from './load-config.ts';
import {
  elasticsearchSchema,
  kafkaSchema,
  type OutputConfig,
  outputConfigSchema,
  syslogSchema,
  webhookSchema,
} from './output-config.ts';

/**
 * The configured outputs, with their files read.
 * @throws FlowpactError `FLOWPACT_CONFIG` for a file that cannot be read and for two of one name.
 */
export function readOutputs(loaded: LoadedConfig): readonly OutputSettings[] {
  const outputs: OutputSettings[] = [];
  for (const [index, config] of loaded.config.outputs.entries()) {
    const settings = outputSettings(config, loaded, index);
    if (outputs.some(({ name }) => name === settings.name)) {
      throw loaded.wrong(
        ['outputs', index],
        `is the second output with the name ${settings.name}; give it another \`name\``,
      );
    }
    outputs.push(settings);
  }
  return outputs;
}

/**
 * An output for which nothing is said but this; it has no secrets.
 * @throws FlowpactError `FLOWPACT_USAGE` for what does not go together.
 */
export function plainOutput(config: z.input<typeof outputConfigSchema>): OutputSettings {
  const target = parseOutputTarget(config.to);
  const parsed = outputConfigSchema.safeParse(config);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new FlowpactError('FLOWPACT_USAGE', `${config.to}: ${path.join('.')} ${message}`);
  }
  return settingsOf(parsed.data, { target, tls: {} });
}

function outputSettings(config: OutputConfig, loaded: LoadedConfig, index: number): OutputSettings {
  const file = createConfigFiles(loaded, ['outputs', index]);
  const { tls = {}, elasticsearch, kafka, webhook } = config;
  const optional = (group: string, key: string, name: string | undefined) =>
    name === undefined ? undefined : file.secret([group, key], name);
  const password = optional('elasticsearch', 'passwordFile', elasticsearch?.passwordFile);
  const apiKey = optional('elasticsearch', 'apiKeyFile', elasticsearch?.apiKeyFile);
  const kafkaPassword = optional('kafka', 'passwordFile', kafka?.passwordFile);
  const token = optional('webhook', 'tokenFile', webhook?.tokenFile);
  const secret = optional('webhook', 'secretFile', webhook?.secretFile);
  const target = parseOutputTarget(config.to);
  return settingsOf(config, {
    target: target.kind === 'file' ? { kind: 'file', path: loaded.path(target.path) } : target,
    tls: {
      ...field('ca', file.optional(['tls', 'authorityFile'], tls.authorityFile)),
      ...field('cert', file.optional(['tls', 'certificateFile'], tls.certificateFile)),
      ...field('key', file.optional(['tls', 'keyFile'], tls.keyFile)),
    },
    ...field(
      'authorization',
      password !== undefined
        ? `Basic ${Buffer.from(`${elasticsearch?.user}:${password}`).toString('base64')}`
        : apiKey !== undefined
          ? `ApiKey ${apiKey}`
          : token !== undefined
            ? `Bearer ${token}`
            : undefined,
    ),
    ...field('secret', secret === undefined ? undefined : parseWebhookSecret(secret)),
    ...field('kafkaPassword', kafkaPassword),
  });
}

function settingsOf(
  config: OutputConfig,
  {
    secret,
    kafkaPassword,
    ...read
  }: Pick<OutputSettings, 'target' | 'tls' | 'authorization'> & {
    readonly secret?: Buffer;
    readonly kafkaPassword?: string;
  },
): OutputSettings {
  const { what, statements, spool = {} } = config;
  const { target } = read;
  const to = shownTarget(config.to, target);
  const { index, template } = elasticsearchSchema.parse(config.elasticsearch ?? {});
  const { body } = webhookSchema.parse(config.webhook ?? {});
  const { mechanism, user } = kafkaSchema.parse(config.kafka ?? {});
  const { hostname: ownName = hostname(), ...syslog } = syslogSchema.parse(config.syslog ?? {});
  return {
    ...read,
    to,
    name: config.name ?? defaultOutputName(to, what),
    choice: {
      what,
      statements,
      format: config.format ?? (what === 'detections' ? 'flowcep' : 'native'),
      evidence: config.evidence ?? target.kind !== 'syslog',
    },
    elasticsearch: { index, template },
    kafka:
      user === undefined || kafkaPassword === undefined
        ? {}
        : { login: { mechanism, user, password: kafkaPassword } },
    webhook: { body, ...field('secret', secret) },
    syslog: { ...syslog, hostname: ownName },
    spool,
  };
}

/** The path and query of a webhook often are a secret. */
const shownTarget = (to: string, target: OutputSettings['target']) =>
  target.kind === 'webhook' ? target.base.origin : to;

function field<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

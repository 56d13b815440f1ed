import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { FlowpactError } from '../flowpact-error.ts';
import { type ConfigIssue, formatConfigIssue } from './config-issue.ts';
import { type DaemonConfig, daemonConfigSchema } from './daemon-config.ts';
import { type PartnerConfig, partnerConfigSchema } from './partner-config.ts';
import { readYaml } from './yaml-file.ts';

/** A configuration that is right in itself, with all defaults filled in. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: DaemonConfig;
  /** Those of the configuration, and behind them those of the partners directory. */
  readonly partners: readonly LoadedPartner[];
  /** A path of the configuration as an absolute one. */
  path(path: string): string;
  /** An error with the place in the file that it is about. */
  wrong(path: readonly PropertyKey[], message: string): FlowpactError;
}

/** A partner, from whichever file. */
export interface LoadedPartner {
  readonly config: PartnerConfig;
  path(path: string): string;
  wrong(path: readonly PropertyKey[], message: string): FlowpactError;
}

/**
 * Reads a configuration file, and the files of its partners directory.
 * @throws FlowpactError `FLOWPACT_FILE`, or `FLOWPACT_CONFIG` with a line for each issue in its message.
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const { value: config, path, wrong } = await loadYaml(file, daemonConfigSchema);
  const own = (config.exchange?.partners ?? []).map((partner, index) => ({
    config: partner,
    path,
    wrong: (at: readonly PropertyKey[], message: string) =>
      wrong(['exchange', 'partners', index, ...at], message),
  }));
  const further =
    config.exchange === undefined ? [] : await loadPartners(path(config.exchange.partnersDirectory));
  return { file, config, partners: [...own, ...further], path, wrong };
}

/** The partners whose files are in a directory, by the names of these; none where it is missing. */
async function loadPartners(directory: string): Promise<LoadedPartner[]> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new FlowpactError('FLOWPACT_FILE', `cannot read ${directory}: ${cause.message}`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (name) => {
      const { value, path, wrong } = await loadYaml(join(directory, name), partnerConfigSchema);
      return { config: value, path, wrong };
    }),
  );
}

async function loadYaml<T>(file: string, schema: z.ZodType<T>) {
  const reading = readYaml(await readConfigText(file), file, schema);
  if (!reading.ok) throw configError(reading.issues);
  const folder = dirname(resolve(file));
  return {
    value: reading.value,
    path: (path: string) => resolve(folder, path),
    wrong: (path: readonly PropertyKey[], message: string) => configError([reading.at(path, message)]),
  };
}

/** @throws FlowpactError `FLOWPACT_FILE`. */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError(
      'FLOWPACT_FILE',
      `cannot read ${file}: ${(cause as Error).message}; \`flowpact config example\` prints one to begin with`,
      { cause },
    );
  }
}

export function configError(issues: readonly ConfigIssue[]): FlowpactError {
  const count = issues.length === 1 ? 'an error' : `${issues.length} errors`;
  const lines = issues.map(formatConfigIssue);
  return new FlowpactError('FLOWPACT_CONFIG', [`${count} in the configuration:`, ...lines].join('\n'));
}

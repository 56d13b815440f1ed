import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FlowpactError } from '../flowpact-error.ts';
import { type ConfigIssue, formatConfigIssue } from './config-issue.ts';
import { type DaemonConfig, daemonConfigSchema } from './daemon-config.ts';
import { readYaml } from './yaml-file.ts';

/** A configuration that is right in itself, with all defaults filled in. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: DaemonConfig;
  /** A path of the configuration as an absolute one. */
  path(path: string): string;
  /** An error with the place in the file that it is about. */
  wrong(path: readonly PropertyKey[], message: string): FlowpactError;
}

/** Where the configuration is looked for unless told otherwise. */
export const defaultConfigFile = 'flowpact.yaml';

/**
 * Reads a configuration file.
 * @throws FlowpactError `FLOWPACT_FILE`, or `FLOWPACT_CONFIG` with a line for each issue in its message.
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const reading = readYaml(await readConfigText(file), file, daemonConfigSchema);
  if (!reading.ok) throw configError(reading.issues);
  const folder = dirname(resolve(file));
  return {
    file,
    config: reading.value,
    path: (path) => resolve(folder, path),
    wrong: (path, message) => configError([reading.at(path, message)]),
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

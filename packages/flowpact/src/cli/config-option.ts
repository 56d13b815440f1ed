import type { Command } from 'commander';
import { FlowpactError } from '../flowpact-error.ts';

/** Where the configuration is looked for unless told otherwise. */
const defaultConfigFile = 'flowpact.yaml';

/** For commands that need a configuration beside what they are about. */
export function withConfig(command: Command): Command {
  return command.option('-c, --config <file>', 'the configuration', defaultConfigFile);
}

/** For commands that are about a configuration: it is their argument, or stands behind -c as everywhere else. */
export function withConfigArgument(command: Command): Command {
  return command
    .argument('[file]', `the configuration (default: "${defaultConfigFile}")`)
    .option('-c, --config <file>', 'the same');
}

/** @throws FlowpactError FLOWPACT_USAGE where a command with `withConfigArgument` is given two */
export function configFileOf(file: string | undefined, { config }: { readonly config?: string }): string {
  if (file !== undefined && config !== undefined)
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${file} and -c ${config}: which of them is the configuration? Name one.`,
    );
  return file ?? config ?? defaultConfigFile;
}

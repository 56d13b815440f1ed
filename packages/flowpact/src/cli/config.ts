import type { Command } from 'commander';
import { configFileOf, withConfigArgument } from './config-option.ts';

export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .summary('check, print and begin configurations of `run`')
    .description('Everything about the configuration file of `flowpact run`.');
  withConfigArgument(config.command('check'))
    .summary('say whether a configuration could run')
    .description(
      'Reads the configuration and everything that it names (modules, keys, partners) and tells each error with ' +
        'file:line:column. Exit code 0 only if there is none.',
    )
    .action(async (file, options) =>
      (await import('./run-config.ts')).runConfigCheck(configFileOf(file, options)),
    );
  withConfigArgument(config.command('print'))
    .summary('print a configuration with all defaults filled in')
    .option('--json', 'as JSON instead of YAML')
    .action(async (file, options) =>
      (await import('./run-config.ts')).runConfigPrint(configFileOf(file, options), options),
    );
  config
    .command('schema')
    .summary('print the JSON Schema of the configuration, for editors')
    .addHelpText(
      'after',
      '\nExample, for editors with the YAML language server:\n  flowpact config schema > flowpact.schema.json\n' +
        '  and as the first line of flowpact.yaml:  # yaml-language-server: $schema=flowpact.schema.json',
    )
    .action(async () => (await import('./run-config.ts')).runConfigSchema());
  config
    .command('example')
    .summary('print a configuration to begin with')
    .action(async () => (await import('./run-config.ts')).runConfigExample());
}

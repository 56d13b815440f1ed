import type { Command } from 'commander';
import { configFileOf, withConfigArgument } from './config-option.ts';

export function addRunCommand(program: Command): void {
  withConfigArgument(program.command('run'))
    .summary('collect, detect and tell partners, as one configuration says')
    .description(
      'Runs everything that a configuration file asks for, until it is told to stop: collectors, modules of EPL ' +
        'statements, outputs, and the exchange with partners. SIGHUP reads the file again: what has changed is taken ' +
        'over, and where the new one is wrong the old one goes on. SIGTERM and SIGINT end it cleanly, a second one at once.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact config example > flowpact.yaml\n  flowpact config check\n  flowpact run\n  curl http://127.0.0.1:4780/healthz',
    )
    .action(async (file, options) =>
      (await import('./run-daemon.ts')).runDaemon(configFileOf(file, options)),
    );
}

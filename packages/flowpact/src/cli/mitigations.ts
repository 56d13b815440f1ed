import { type Command, Option } from 'commander';
import { withConfig } from './config-option.ts';
import { parsePositiveInteger } from './option-parsers.ts';

const states =
  'proposed, approved, applying, applied, confirmed, withdrawing, expired, withdrawn, rejected, failed';

/** What people do about mitigations: `flowpact mitigate list`, `show`, `approve`, …, all of them asked of the daemon. */
export function addMitigationCommands(mitigate: Command): void {
  withConfig(mitigate.command('list').summary('what is proposed, in force, and was a short while ago'))
    .option('--state <states>', `those alone, comma-separated: ${states}`)
    .option('--json', 'JSON lines also on a terminal')
    .action(async (options) => (await import('./run-mitigations.ts')).runList(options));
  withConfig(
    mitigate.command('show').summary('one of them: its candidates, what they would hit, how it came here'),
  )
    .argument('<id>', 'its number')
    .option('--json', 'JSON also on a terminal')
    .action(async (id, options) => (await import('./run-mitigations.ts')).runShow(id, options));
  withPerson(mitigate.command('approve').summary('say yes to a proposal').argument('<id>', 'its number'))
    .addOption(
      new Option(
        '--candidate <number>',
        'another candidate than the chosen one, as `show` counts them',
      ).argParser(parsePositiveInteger),
    )
    .action(async (id, options) => (await import('./run-mitigations.ts')).runApprove(id, options));
  withPerson(
    mitigate.command('reject').summary('say no to a proposal').argument('<id>', 'its number'),
  ).action(async (id, options) => (await import('./run-mitigations.ts')).runReject(id, options));
  withPerson(mitigate.command('extend').summary('let one end later').argument('<id>', 'its number'))
    .addOption(
      new Option('--seconds <number>', 'so many from now')
        .argParser(parsePositiveInteger)
        .makeOptionMandatory(),
    )
    .action(async (id, options) => (await import('./run-mitigations.ts')).runExtend(id, options));
  withPerson(mitigate.command('withdraw').summary('take one back').argument('<id>', 'its number')).action(
    async (id, options) => (await import('./run-mitigations.ts')).runWithdraw(id, options),
  );
  withPerson(
    mitigate
      .command('stop-all')
      .summary('take everything back, reject what is proposed, and set the mode to off'),
  ).action(async (options) => (await import('./run-mitigations.ts')).runStopAll(options));
  withPerson(
    mitigate
      .command('mode')
      .summary('say how far anything may go, or ask')
      .argument('[mode]', 'off, dry-run, approve or auto; never above that of the configuration'),
  ).action(async (mode, options) => (await import('./run-mitigations.ts')).runMode(mode, options));
}

function withPerson(command: Command): Command {
  return withConfig(command)
    .option('--as <name>', 'who says so; whoever is logged in')
    .option('--why <text>', 'why, for the audit log and the partner that asked')
    .option('--json', 'JSON also on a terminal');
}

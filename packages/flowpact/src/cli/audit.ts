import type { Command } from 'commander';
import { withConfig } from './config-option.ts';
import { parsePositiveInteger } from './option-parsers.ts';

/** `audit verify` and `audit show`: they read the files, with a daemon or without. */
export function addAuditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .summary('what was done about attacks, by whom, and whether that record holds')
    .description(
      'Every step of every mitigation is in the audit log before it is taken; each entry bears the hash of the one before ' +
        'it, so that none can be changed, taken out, put in or moved unnoticed.',
    );
  withConfig(audit.command('verify').summary('follow the chain of hashes through all files'))
    .option(
      '--head <number:hash>',
      'what an earlier run printed as head, and was kept elsewhere: tells whether the end was cut off, or all made anew',
    )
    .option('--directory <directory>', 'files of a log, without a configuration')
    .option('--json', 'JSON also on a terminal')
    .addHelpText('after', '\nExit code: 0 it holds, 1 it does not.\n')
    .action(async (options) => (await import('./run-audit.ts')).runAuditVerify(options));
  withConfig(audit.command('show').summary('the entries, the latest last'))
    .option('--mitigation <id>', 'of one mitigation alone')
    .option('--last <number>', 'so many of these', parsePositiveInteger)
    .option('--directory <directory>', 'files of a log, without a configuration')
    .option('--json', 'JSON lines also on a terminal')
    .action(async (options) => (await import('./run-audit.ts')).runAuditShow(options));
}

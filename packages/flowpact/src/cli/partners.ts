import type { Command } from 'commander';
import { withConfig } from './config-option.ts';

export function addPartnersCommand(program: Command): void {
  const partners = program
    .command('partners')
    .summary('list, check, invite and accept the networks that are told of attacks')
    .description('The other networks that the configuration and its partners directory name.');
  withConfig(partners.command('list').summary('all of them'))
    .option('--json', 'JSON lines also on a terminal')
    .action(async (options) => (await import('./run-partners.ts')).runPartnersList(options));
  withConfig(
    partners
      .command('check')
      .summary('say what would keep messages from arriving or from being believed')
      .description(
        'Reads keys and policies, connects to the mail relay and the broker that routes lead by, and looks for address ' +
          'space that two networks answer for. Exit code 1 where something is wrong.',
      ),
  )
    .option('--offline', 'connect to nothing')
    .action(async (options) => (await import('./run-partners.ts')).runPartnersCheck(options));
  withConfig(
    partners
      .command('invite')
      .summary('print a small signed file that makes another network know us')
      .description(
        'Prints who we are, our networks, how we are reached and our public keys, signed. Hand it over, and tell the fingerprints ' +
          'that standard error shows by telephone.',
      ),
  )
    .option('-o, --output <file>', 'a file instead of standard output')
    .action(async (options) => (await import('./run-invitation.ts')).runInvite(options));
  withConfig(
    partners
      .command('accept')
      .summary('make a partner of who sent an invitation')
      .description(
        "Checks an invitation, shows the fingerprints of its keys, and writes a file of the partners directory once they are known to be the other network's: " +
          'on a terminal it asks, elsewhere --fingerprint says so.',
      )
      .argument('<file>', 'the invitation'),
  )
    .option('--trust <level>', 'how far it is believed: none, low, medium, high', 'low')
    .option('--fingerprint <digits>', 'a fingerprint that was compared; no question is asked then')
    .option('--replace', 'in the place of what is known of it')
    .action(async (file, options) => (await import('./run-invitation.ts')).runAccept(file, options));
}

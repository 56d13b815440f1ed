import { Command } from 'commander';

/** ipfixcol's command line, as far as FlowCEP's scripts use it. */
export function createIpfixcol(): Command {
  return new Command('ipfixcol')
    .description(
      'Collects IPFIX as a startup file of IPFIXcol says: TCP, UDP and files in, IPFIXcol’s JSON lines out.',
    )
    .option('-c <file>', 'the startup file', '/etc/ipfixcol/startup.xml')
    .option('-d', 'go on in the background once everything listens')
    .action(async ({ c, d }: { c: string; d?: boolean }) =>
      (await import('./run-ipfixcol.ts')).runIpfixcol(c, d ?? false),
    );
}

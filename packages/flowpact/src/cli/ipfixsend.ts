import { Command } from 'commander';
import { addReplayOptions } from './replay.ts';

/** ipfixsend's command line: the options of `flowpact replay` are its options. */
export function createIpfixsend(): Command {
  return addReplayOptions(
    new Command('ipfixsend').description('Sends an IPFIX file to a collector, as IPFIXcol’s ipfixsend does.'),
    'ipfixsend',
  );
}

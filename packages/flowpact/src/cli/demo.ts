import type { Command } from 'commander';
import { parsePort, parsePositive, parseUnsigned32 } from './option-parsers.ts';

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .summary('watch an attack from the flow records to a partner’s answer, in half a minute')
    .description(
      'Shows the whole way in one process, on free loopback ports, with nothing to install or configure: synthetic ' +
        'traffic with a multi-stage HTTP attack in it is replayed as IPFIX over TCP, collected, searched by EPL ' +
        'statements, told to the network that owns the attacker in FLEX by mail, decoded there, and answered. A page, ' +
        'whose address is printed, shows it meanwhile. ' +
        'The exit code is 0 only if all of it worked and nothing else was reported as the attack.',
    )
    .option('--seed <number>', 'other traffic, another attacker', parseUnsigned32, 1)
    .option('--speed <factor>', 'how many times faster than real the traffic is replayed', parsePositive, 30)
    .option('--watch', 'go on with more traffic, and so with the page, until Ctrl-C')
    .option('--port <number>', 'port of the page on 127.0.0.1 (default: any that is free)', parsePort)
    .action(async (options) => (await import('./run-demo.ts')).runDemoCommand(options));
}

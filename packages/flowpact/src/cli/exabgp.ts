import { EventEmitter, once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';
import {
  createAgentServer,
  createExabgpAgent,
  createExabgpApi,
  createKeptRulesFile,
  defaultAgentServer,
  defaultExabgpAgent,
  type ExabgpAgentConfig,
  systemClock,
  systemTimers,
} from '@flowpact/response';
import { Command, Option } from 'commander';
import { FlowpactError } from '../flowpact-error.ts';
import { parsePrefixLength } from './option-parsers.ts';

/** RFC 1997: two numbers of 16 bits. */
const isCommunity = /^(?:0|[1-9][0-9]{0,4}):(?:0|[1-9][0-9]{0,4})$/;

interface ExabgpOptions {
  readonly socket: string;
  readonly state: string;
  readonly nextHopIpv4: string;
  readonly nextHopIpv6: string;
  readonly communities: string;
  readonly minIpv4: number;
  readonly minIpv6: number;
}

/** The program that ExaBGP runs as its `process`: takes rules from Flowpact and ends them in time, Flowpact dead or not. */
export function createExabgpProgram(): Command {
  const { nextHopIpv4, nextHopIpv6, communities, minIpv4PrefixLength, minIpv6PrefixLength } =
    defaultExabgpAgent;
  return new Command('flowpact-exabgp')
    .description(
      'Run by ExaBGP: announces the rules that Flowpact hands over, and withdraws each at its time.',
    )
    .requiredOption('--socket <path>', 'UNIX socket on which Flowpact hands over')
    .requiredOption('--state <path>', 'file that keeps what is announced over restarts')
    .option('--next-hop-ipv4 <address>', 'next hop of blackholes', nextHopIpv4)
    .option('--next-hop-ipv6 <address>', 'next hop of blackholes', nextHopIpv6)
    .option('--communities <list>', 'communities of blackholes, separated by commas', communities.join(','))
    .addOption(
      new Option('--min-ipv4 <length>', 'shortest prefix of a rule, 1 to 32, whatever Flowpact allows')
        .argParser(parsePrefixLength(32))
        .default(minIpv4PrefixLength),
    )
    .addOption(
      new Option('--min-ipv6 <length>', 'shortest prefix of a rule, 1 to 128')
        .argParser(parsePrefixLength(128))
        .default(minIpv6PrefixLength),
    )
    .action(async (options: ExabgpOptions) => {
      await runAgent(options);
    });
}

/** Ends with ExaBGP, or when that does not answer: ExaBGP starts it again. */
async function runAgent(options: ExabgpOptions): Promise<void> {
  const config: ExabgpAgentConfig = {
    ...defaultExabgpAgent,
    nextHopIpv4: checked('--next-hop-ipv4', options.nextHopIpv4, isIPv4),
    nextHopIpv6: checked('--next-hop-ipv6', options.nextHopIpv6, isIPv6),
    communities: options.communities
      .split(',')
      .map((text) => checked('--communities', text.trim(), (community) => isCommunity.test(community))),
    minIpv4PrefixLength: options.minIpv4,
    minIpv6PrefixLength: options.minIpv6,
  };
  const log = (line: string): void => void process.stderr.write(`flowpact-exabgp: ${line}\n`);
  const ended = new EventEmitter<{ end: [why: string] }>();
  const api = createExabgpApi({
    input: process.stdin,
    output: process.stdout,
    timers: systemTimers,
    onEnd: (why) => ended.emit('end', why),
  });
  const end = once(ended, 'end');
  const agent = createExabgpAgent(config, {
    api,
    state: createKeptRulesFile(options.state),
    clock: systemClock,
    timers: systemTimers,
    log,
  });
  const server = createAgentServer({ ...defaultAgentServer, socket: options.socket }, agent);
  // The socket first: whoever has it has the file.
  await server.start();
  try {
    await agent.start();
    log(`listens on ${options.socket}`);
    log(String(await end));
  } finally {
    agent.stop();
    await server.stop();
    // Nobody is there any more whom it would wait for.
    process.stdin.destroy();
  }
}

/** What ExaBGP's commands are made of has to be what it says: anything else could be another command. */
function checked(option: string, text: string, isRight: (text: string) => boolean): string {
  if (isRight(text)) return text;
  throw new FlowpactError('FLOWPACT_USAGE', `${option}: "${text}" is none`);
}

import { Command } from 'commander';
import { parseNames } from './option-parsers.ts';

/** espercli's command line: exactly its options. Its first version had no -o and printed the statement Output. */
export function createEspercli(): Command {
  return new Command('espercli')
    .description(
      'Runs an EPL module over JSON lines and prints the rows of statements: FlowCEP’s espercli, without Java.',
    )
    .requiredOption('-m <module>', 'the EPL module')
    .option('-i <file>', 'the input (default: standard input)')
    .option('-o <names>', 'the statements to print, comma-separated', parseNames, ['Output'])
    .action(async ({ m, i, o }: { m: string; i?: string; o: string[] }) => {
      const { runDetect } = await import('./run-detect.ts');
      await runDetect({ module: m, output: o, ...(i === undefined ? {} : { input: i }) });
    });
}

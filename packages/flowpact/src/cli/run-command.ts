import { EplError } from '@flowpact/epl';
import { EventError } from '@flowpact/event';
import { ExchangeError } from '@flowpact/exchange';
import { FlexError } from '@flowpact/flex';
import { IpfixError } from '@flowpact/ipfix';
import { type Command, CommanderError } from 'commander';
import { FlowpactError } from '../flowpact-error.ts';

const expectedErrors = [FlowpactError, IpfixError, EplError, EventError, FlexError, ExchangeError];

/**
 * Runs a command line to its end and sets the exit code: 0 done, 1 failed, 2 the command line was wrong
 * (`usageExitCode`, where a command that we stand in for has another).
 */
export async function runCommand(program: Command, { usageExitCode = 2 } = {}): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showSuggestionAfterError().showHelpAfterError('(--help tells more)');
  }
  // A reader that goes away (`| head`) is no error; sinks notice it by themselves.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
      return;
    }
    const expected = expectedErrors.some((type) => error instanceof type);
    console.error(expected ? `flowpact: ${(error as Error).message}` : error);
    process.exitCode = error instanceof FlowpactError && error.code === 'FLOWPACT_USAGE' ? usageExitCode : 1;
  }
}

import { type Command, CommanderError } from 'commander';
import { describeWriteFailure } from '../output/write-failure.ts';

/**
 * Errors of Flowpact's packages, by the shape that they have in common: not by their classes, since loading every
 * package to name its error would slow down the start of every command.
 */
const ownCode = /^(FLOWPACT|IPFIX|EPL|EVENT|FLEX|FORMATS|EXCHANGE|STORE|RESPONSE)_[A-Z_]+$/;

/**
 * Runs a command line to its end and sets the exit code: 0 done, 1 failed, 2 the command line was wrong
 * (`usageExitCode`, where a command that we stand in for has another).
 */
export async function runCommand(program: Command, { usageExitCode = 2 } = {}): Promise<void> {
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command.exitOverride().showSuggestionAfterError().showHelpAfterError('(--help tells more)');
  }
  // A reader that goes away (`| head`) is no error; sinks notice it by themselves.
  let failure: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
  });
  // There is nowhere left to tell of it.
  process.stderr.on('error', () => undefined);
  try {
    await program.parseAsync();
    if (failure !== undefined) {
      console.error(`flowpact: ${describeWriteFailure('standard output', failure)}`);
      process.exitCode = 1;
    }
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
      return;
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    console.error(ownCode.test(code) ? `flowpact: ${(error as Error).message}` : error);
    process.exitCode = code === 'FLOWPACT_USAGE' ? usageExitCode : 1;
  }
}

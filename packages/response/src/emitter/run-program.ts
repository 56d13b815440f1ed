import { execFile } from 'node:child_process';
import { ResponseError } from '../response-error.ts';

/** What to run: a program and its arguments, never a shell. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Standard input. Default nothing. */
  readonly input?: string;
  /** After so long it is killed. */
  readonly timeoutMs: number;
}

/**
 * Runs a program to its end.
 * @returns standard output.
 * @throws ResponseError `RESPONSE_EMITTER_FAILED` with what it said, where it does not end with 0 in time.
 */
export type RunProgram = (call: ProgramCall) => Promise<string>;

/** Octets of output at most. */
const maxOutputOctets = 64 * 2 ** 20;

export const runProgram: RunProgram = ({ program, args, input = '', timeoutMs }) =>
  new Promise((resolve, reject) => {
    const options = {
      encoding: 'utf8',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: maxOutputOctets,
    } as const;
    const child = execFile(program, args, options, (cause, stdout, stderr) => {
      if (cause === null) return resolve(stdout);
      const said = stderr.trim().slice(0, 2_000) || stdout.trim().slice(0, 2_000) || cause.message;
      const why = cause.killed ? `no end after ${timeoutMs} ms` : said;
      reject(new ResponseError('RESPONSE_EMITTER_FAILED', `${program} ${args.join(' ')}: ${why}`, { cause }));
    });
    // A program that ends before it has read everything says why by itself.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });

/** The call, in a network namespace (`ip netns`) where one is named. */
export function inNetns(netns: string | undefined, call: ProgramCall): ProgramCall {
  if (netns === undefined) return call;
  return { ...call, program: 'ip', args: ['netns', 'exec', netns, call.program, ...call.args] };
}

import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ResponseError } from '../../response-error.ts';
import type { Timers } from '../../timers.ts';

export interface ExabgpApiDeps {
  /** What ExaBGP says. */
  readonly input: Readable;
  /** What it is told. */
  readonly output: Writable;
  readonly timers: Timers;
  /** Called once: it has ended, or no longer answers in order; this program is of no use any more. */
  readonly onEnd: (why: string) => void;
}

/** ExaBGP as seen by a program that it runs: commands go one at a time, each waits for its `done` or `error`. */
export interface ExabgpApi {
  /**
   * @returns the lines that came before `done`.
   * @throws ResponseError `RESPONSE_EMITTER_FAILED`: it said `error`, or nothing.
   */
  send(command: string): Promise<readonly string[]>;
}

/** Without an answer for so long, those that come later could be taken for those of other commands. */
const answerTimeoutMs = 10_000;

export function createExabgpApi({ input, output, timers, onEnd }: ExabgpApiDeps): ExabgpApi {
  interface Waiting {
    readonly command: string;
    readonly lines: string[];
    readonly resolve: (lines: readonly string[]) => void;
    readonly reject: (error: ResponseError) => void;
    stopTimer(): void;
  }
  let waiting: Waiting | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let ended: string | undefined;

  function end(why: string): void {
    if (ended !== undefined) return;
    ended = why;
    const open = waiting;
    waiting = undefined;
    open?.stopTimer();
    open?.reject(failed(open.command, why));
    onEnd(why);
  }

  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    if (line === 'shutdown') return end('ExaBGP shuts down');
    // Whatever else ExaBGP was told to tell a program, and answers nothing.
    if (waiting === undefined) return;
    if (line !== 'done' && line !== 'error') return void waiting.lines.push(line);
    const answered = waiting;
    waiting = undefined;
    answered.stopTimer();
    if (line === 'done') answered.resolve(answered.lines);
    else answered.reject(failed(answered.command, 'ExaBGP says error; its log says why'));
  });
  lines.on('close', () => end('ExaBGP has ended'));
  output.on('error', (error) => end(`ExaBGP cannot be written to: ${error.message}`));

  function ask(command: string): Promise<readonly string[]> {
    if (ended !== undefined) return Promise.reject(failed(command, ended));
    return new Promise((resolve, reject) => {
      const stopTimer = timers.after(answerTimeoutMs, () =>
        end('ExaBGP does not answer: set exabgp.api.ack to true in its environment'),
      );
      waiting = { command, lines: [], resolve, reject, stopTimer };
      output.write(`${command}\n`);
    });
  }

  return {
    send(command) {
      const answer = last.then(() => ask(command));
      last = answer.catch(() => {});
      return answer;
    },
  };
}

function failed(command: string, why: string): ResponseError {
  return new ResponseError('RESPONSE_EMITTER_FAILED', `exabgp: "${command}": ${why}`);
}

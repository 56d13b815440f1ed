import type { MessagePort, Worker } from 'node:worker_threads';
import { FlowpactError } from '../flowpact-error.ts';

/** What one thread may ask of another: by name, what it tells with the question and what it is told. */
export type RequestMap = Readonly<Record<string, { readonly ask: unknown; readonly answer: unknown }>>;

export interface ThreadRequest {
  readonly kind: 'request';
  readonly id: number;
  readonly name: string;
  readonly ask: unknown;
}

export type ThreadAnswer =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly error: { readonly code: string; readonly message: string };
    };

type Handlers<Map extends RequestMap> = {
  readonly [Name in keyof Map]: (ask: Map[Name]['ask']) => Promise<Map[Name]['answer']> | Map[Name]['answer'];
};

/** Answers requests in the thread that is asked; what a handler throws is told to the one who asked. */
export async function answerRequest<Map extends RequestMap>(
  { id, name, ask }: ThreadRequest,
  handlers: Handlers<Map>,
): Promise<ThreadAnswer> {
  try {
    return { kind: 'answer', id, answer: await handlers[name](ask) };
  } catch (error) {
    const { message, code = 'FLOWPACT_DAEMON' } = error as Error & { code?: string };
    return { kind: 'failure', id, error: { code, message } };
  }
}

/** The asking side. */
export interface ThreadRequests<Map extends RequestMap> {
  /**
   * @throws FlowpactError `FLOWPACT_DAEMON` where the thread does not answer in time or has ended, else with the code
   *   of what the thread failed with.
   */
  ask<Name extends keyof Map & string>(
    name: Name,
    ask: Map[Name]['ask'],
    timeoutMs: number,
  ): Promise<Map[Name]['answer']>;
  /** To be called with each answer that comes. */
  take(answer: ThreadAnswer): void;
  /** Nobody will answer any more. */
  end(reason: string): void;
}

export function createThreadRequests<Map extends RequestMap>(
  name: string,
  thread: Pick<Worker | MessagePort, 'postMessage'>,
): ThreadRequests<Map> {
  const open = new globalThis.Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let next = 0;
  let ended: string | undefined;
  const failure = (message: string) => new FlowpactError('FLOWPACT_DAEMON', `the ${name} thread ${message}`);
  return {
    ask(request, ask, timeoutMs) {
      if (ended !== undefined) return Promise.reject(failure(ended));
      const id = next++;
      return new Promise<never>((resolve, reject) => {
        const timer = setTimeout(() => {
          open.delete(id);
          reject(failure(`did not answer "${request}" within ${timeoutMs} ms`));
        }, timeoutMs);
        const settle =
          <T>(done: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            open.delete(id);
            done(value);
          };
        open.set(id, { resolve: settle(resolve as (answer: unknown) => void), reject: settle(reject) });
        thread.postMessage({ kind: 'request', id, name: request, ask } satisfies ThreadRequest);
      });
    },
    take(answer) {
      const asked = open.get(answer.id);
      if (answer.kind === 'answer') asked?.resolve(answer.answer);
      else asked?.reject(Object.assign(failure(`failed: ${answer.error.message}`), { cause: answer.error }));
    },
    end(reason) {
      ended ??= reason;
      for (const { reject } of [...open.values()]) reject(failure(reason));
    },
  };
}

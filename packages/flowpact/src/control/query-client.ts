import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import {
  type QueryOptions,
  type QueryResult,
  type QueryRow,
  StoreError,
  type StoreErrorCode,
} from '@flowpact/store';
import { FlowpactError, type FlowpactErrorCode } from '../flowpact-error.ts';
import { decodeRow, type QueryLine } from './query-transfer.ts';

export interface QueryClient {
  /** As the store's `query`; no longer and no more rows than the daemon lets anybody have. */
  query(
    sql: string,
    options: Required<Pick<QueryOptions, 'timeoutMs' | 'maxRows' | 'signal'>>,
  ): Promise<QueryResult>;
}

/** Beyond the time of the question itself, milliseconds. */
const extraTimeoutMs = 10_000;

/**
 * Asks the daemon that holds a state directory.
 * @param path Of its unix socket
 */
export function createQueryClient(path: string): QueryClient {
  return {
    async query(sql, { signal, ...limits }) {
      const asked = request({
        ...{ socketPath: path, method: 'POST', path: '/query', signal },
        headers: { 'content-type': 'application/json' },
        timeout: limits.timeoutMs + extraTimeoutMs,
      });
      asked.once('timeout', () => asked.destroy(new Error('it does not answer in time')));
      // What breaks after the answer has begun is told by its reader.
      asked.on('error', () => undefined);
      asked.end(JSON.stringify({ sql, ...limits }));
      const [response] = (await once(asked, 'response').catch((cause: Error) => {
        throw new FlowpactError(
          'FLOWPACT_DAEMON',
          `the daemon does not answer at ${path}: ${cause.message}`,
          { cause },
        );
      })) as [IncomingMessage];
      if (response.statusCode !== 200) throw failure(JSON.parse(await text(response)));
      const lines = linesOf(response);
      const { value: first } = await lines.next();
      if (first === undefined || !('columns' in first)) throw cutShort();
      let isTruncated = false;
      return {
        columns: first.columns,
        batches: (async function* (): AsyncGenerator<readonly QueryRow[]> {
          for await (const line of lines) {
            if ('rows' in line) yield line.rows.map(decodeRow);
            else if ('error' in line) throw failure(line.error);
            else if ('isTruncated' in line) {
              isTruncated = line.isTruncated;
              return;
            }
          }
          throw cutShort();
        })(),
        get isTruncated() {
          return isTruncated;
        },
      };
    },
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<QueryLine> {
  try {
    for await (const line of createInterface({ input: response })) yield JSON.parse(line) as QueryLine;
  } finally {
    response.destroy();
  }
}

const cutShort = () => new FlowpactError('FLOWPACT_DAEMON', 'the daemon has ended before its last row');

function failure({ code, message }: { readonly code: string; readonly message: string }): Error {
  return code.startsWith('STORE_')
    ? new StoreError(code as StoreErrorCode, message)
    : new FlowpactError(code as FlowpactErrorCode, message);
}

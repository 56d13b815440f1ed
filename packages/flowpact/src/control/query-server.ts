import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { QueryResult, Store } from '@flowpact/store';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FlowpactError } from '../flowpact-error.ts';
import { encodeRow, type QueryLine } from './query-transfer.ts';

const questionBody = z.strictObject({
  sql: z.string(),
  timeoutMs: z.int().min(1),
  maxRows: z.int().min(1),
});

export interface QueryServerDeps {
  /** Undefined where no tables are kept. */
  tables(): Pick<Store, 'query'> | undefined;
}

/** Adds `POST /query`: one statement that reads, whose rows go out as they come, some a line. */
export function addQueryRoute(server: FastifyInstance, { tables }: QueryServerDeps): void {
  server.post('/query', async (request, reply) => {
    const { sql, ...limits } = questionBody.parse(request.body);
    const store = tables();
    if (store === undefined) {
      throw new FlowpactError('FLOWPACT_USAGE', 'the daemon keeps no tables: store.enabled is off');
    }
    // Whoever asked may go away before the answer is there.
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const result = await store.query(sql, { ...limits, signal: gone.signal });
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
    await sendRows(result, reply.raw);
  });
}

async function sendRows(result: QueryResult, to: ServerResponse): Promise<void> {
  const write = async (line: QueryLine) => {
    if (to.write(`${JSON.stringify(line)}\n`) || to.destroyed) return;
    await Promise.race([once(to, 'drain'), once(to, 'close')]);
  };
  try {
    await write({ columns: result.columns });
    for await (const rows of result.batches) await write({ rows: rows.map(encodeRow) });
    await write({ isTruncated: result.isTruncated });
  } catch (error) {
    const { code = 'FLOWPACT_DAEMON', message } = error as Error & { code?: string };
    await write({ error: { code, message } });
  }
  to.end();
}

import { text } from 'node:stream/consumers';
import { type AnswerOptions, printAnswer, printDaemonsAnswer } from '../archive/open-archive.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { interruptible } from './interrupt.ts';

export interface RunQueryOptions extends AnswerOptions {
  readonly tables?: boolean;
  readonly limit: number;
}

const tablesSql = `SELECT table_name AS "table", column_name AS "column", data_type AS type
  FROM information_schema.columns WHERE table_name <> 'schema_version' ORDER BY table_name, ordinal_position`;

export async function runQuery(sql: string | undefined, options: RunQueryOptions): Promise<void> {
  if ((sql === undefined) !== (options.tables ?? false)) {
    throw new FlowpactError('FLOWPACT_USAGE', 'give one SQL statement, or --tables to see what there is');
  }
  const statement = sql === '-' ? await text(process.stdin) : (sql ?? tablesSql);
  await interruptible(async (signal) => {
    const maxRows = options.limit;
    const isAnswered = await printDaemonsAnswer(
      options,
      (daemon, limits) => daemon.query(statement, { ...limits, maxRows }),
      signal,
    );
    if (isAnswered) return;
    await printAnswer(options, (store, limits) => store.query(statement, { ...limits, maxRows }), signal);
  });
}

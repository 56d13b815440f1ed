import { join } from 'node:path';
import { compileFilter, parseTop } from '@flowpact/ipfix';
import { flowColumns, readExtraColumns, type Store } from '@flowpact/store';
import { columnOfName } from '../archive/archive-column.ts';
import { filterToSql } from '../archive/filter-to-sql.ts';
import { type AnswerOptions, printAnswer } from '../archive/open-archive.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { interruptible } from './interrupt.ts';

export interface RunFlowsOptions extends AnswerOptions {
  readonly filter?: string;
  readonly since?: number;
  readonly from?: number;
  readonly to?: number;
  readonly columns?: readonly string[];
  readonly top?: string;
  readonly timeline?: number;
  readonly counts: 'raw' | 'scaled';
  readonly limit?: number;
}

const usualColumns = ['start', 'src', 'srcport', 'dst', 'dstport', 'proto', 'packets', 'octets'];

export async function runFlows(options: RunFlowsOptions): Promise<void> {
  const { top, timeline, columns, since, from, counts } = options;
  const kinds = { '--columns': columns, '--top': top, '--timeline': timeline };
  const given = Object.entries(kinds).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${given.map(([option]) => option).join(' and ')} do not go together`,
    );
  }
  if (since !== undefined && from !== undefined) {
    throw new FlowpactError('FLOWPACT_USAGE', '--since and --from do not go together');
  }
  const fromMs = since === undefined ? from : Date.now() - since;
  const kept = [...flowColumns, ...(await readExtraColumns(join(options.state, 'flows')))];
  const selection = {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(options.to === undefined ? {} : { toMs: options.to }),
    ...(options.filter === undefined
      ? {}
      : { condition: filterToSql(compileFilter(options.filter).expression, kept) }),
  };

  function ask(store: Store, limits: { readonly timeoutMs: number; readonly signal: AbortSignal }) {
    const limited = { ...selection, ...limits, maxRows: Number.MAX_SAFE_INTEGER };
    if (top !== undefined) {
      const { by, order = 'octets' } = parseTop(top);
      const { limit = 10 } = options;
      return store.topFlows({ ...limited, by: by.map(columnOfName), orderBy: order, counts, limit });
    }
    if (timeline !== undefined) {
      return store.timeLine({ ...limited, bucketMs: timeline, counts, maxRows: options.limit ?? 1000 });
    }
    const { limit = 1000 } = options;
    return store.flows({ ...limited, columns: (columns ?? usualColumns).map(columnOfName), limit });
  }

  await interruptible((signal) => printAnswer(options, ask, signal));
}

import type { Program } from '../../compile/program.ts';
import { OneRowBuilder } from './one-row.ts';
import { PerEventBuilder } from './per-event.ts';
import { PerEventGroupTotalsBuilder } from './per-event-group-totals.ts';
import { PerEventTotalsBuilder } from './per-event-totals.ts';
import { PerGroupBuilder } from './per-group.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { RollupBuilder } from './rollup.ts';

/** The builder for the plan's shape of answer. */
export function createBuilder(
  program: Program,
  host: BuilderHost,
  wanted: WantedRows,
  sink: RowSink,
): ResultBuilder {
  const { kind } = program.plan.result;
  switch (kind) {
    case 'per-event':
      return new PerEventBuilder(program, host, wanted, sink);
    case 'one-row':
      return new OneRowBuilder(program, host, wanted, sink);
    case 'per-event-totals':
      return new PerEventTotalsBuilder(program, host, wanted, sink);
    case 'per-group':
      return new PerGroupBuilder(program, host, wanted, sink);
    case 'per-event-group-totals':
      return new PerEventGroupTotalsBuilder(program, host, wanted, sink);
    case 'rollup':
      return new RollupBuilder(program, host, wanted, sink);
    default:
      return kind satisfies never;
  }
}

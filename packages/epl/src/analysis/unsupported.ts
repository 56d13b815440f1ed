import { Fault } from '../syntax/fault.ts';
import type { StatementNode } from '../syntax/statement.ts';

/** For queries that stand in no module. */
export function unsupportedStatement(
  node: Extract<StatementNode, { kind: 'query-insert' | 'query-update' | 'query-delete' }>,
): Fault {
  switch (node.kind) {
    case 'query-insert':
    case 'query-update':
    case 'query-delete':
      return new Fault(
        'EPL_USAGE',
        'an on-demand query is no statement of a module: run it with runtime.query',
        node,
      );
    default:
      return node satisfies never;
  }
}

import { type Fault, notSupported } from '../syntax/fault.ts';
import type { Select } from '../syntax/select.ts';
import type { StatementNode } from '../syntax/statement.ts';

/** Refuses the clauses of a select that this version parses but does not run. @throws Fault */
export function refuseUnsupportedClauses(node: Select): void {
  if (node.intoTable !== undefined) throw notSupported("'into table'", node.intoTable);
  if (node.matchRecognize !== undefined) throw notSupported('match_recognize', node.matchRecognize);
  if (node.delivery !== undefined) throw notSupported("'for'", node.delivery);
}

/** For statements of which nothing runs yet. */
export function unsupportedStatement(
  node: Exclude<
    StatementNode,
    {
      kind:
        | 'select'
        | 'create-schema'
        | 'update-stream'
        | 'create-variable'
        | 'create-context'
        | 'create-expression';
    }
  >,
): Fault {
  switch (node.kind) {
    case 'create-window':
    case 'create-table':
    case 'create-index':
      return notSupported(`'${node.kind.replace('-', ' ')}'`, node);
    case 'on':
      return notSupported("'on' triggers", node);
    case 'query-insert':
    case 'query-update':
    case 'query-delete':
      return notSupported('on-demand queries', node);
    default:
      return node satisfies never;
  }
}

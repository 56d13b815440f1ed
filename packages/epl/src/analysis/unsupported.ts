import type { Expression } from '../syntax/expression.ts';
import { type Fault, notSupported } from '../syntax/fault.ts';
import type { GroupItem, Select } from '../syntax/select.ts';
import type { StatementNode } from '../syntax/statement.ts';
import type { EventFilter, StreamNode } from '../syntax/stream.ts';

/** Refuses the clauses of a select that this version parses but does not run. @throws Fault */
export function refuseUnsupportedClauses(node: Select): void {
  refuseUnsupportedPrologue(node);
  if (node.intoTable !== undefined) throw notSupported("'into table'", node.intoTable);
  if (node.matchRecognize !== undefined) throw notSupported('match_recognize', node.matchRecognize);
  if (node.delivery !== undefined) throw notSupported("'for'", node.delivery);
}

export function refuseUnsupportedPrologue({ context, declarations }: StatementNode): void {
  if (context !== undefined) throw notSupported('contexts', context);
  if (declarations.length > 0) throw notSupported('expression declarations', declarations[0]);
}

/** The event type that the stream reads. @throws Fault where it is a pattern */
export function eventFilter({ source }: StreamNode): EventFilter {
  if (source.kind === 'pattern') throw notSupported('patterns', source);
  return source;
}

/** @throws Fault where the item is a rollup, a cube or grouping sets */
export function plainGroupItem(item: GroupItem): Expression {
  switch (item.kind) {
    case 'rollup':
    case 'cube':
      throw notSupported(`'${item.kind}'`, item);
    case 'grouping-sets':
      throw notSupported("'grouping sets'", item);
    default:
      return item;
  }
}

/** For statements of which nothing runs yet. */
export function unsupportedStatement(
  node: Exclude<StatementNode, { kind: 'select' } | { kind: 'create-schema' }>,
): Fault {
  switch (node.kind) {
    case 'create-window':
    case 'create-table':
    case 'create-index':
    case 'create-variable':
    case 'create-expression':
    case 'create-context':
      return notSupported(`'${node.kind.replace('-', ' ')}'`, node);
    case 'update-stream':
      return notSupported("'update istream'", node);
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

import { isContent } from '../plan/content-key.ts';
import { isBatching, type WindowPlan } from '../plan/window-plan.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { WindowNode } from '../syntax/stream.ts';
import { bindDerived, derivedMeasures, isDerived } from './bind-derived.ts';
import { bindExpressionWindow } from './bind-expression-window.ts';
import type { Binder } from './binder.ts';
import { checkNamespace } from './window-namespace.ts';
import {
  bindPeriod,
  bindReference,
  bindSize,
  bindSortKey,
  bindTimestamp,
  bindUniqueKey,
  flagsOf,
} from './window-parameters.ts';

type SimpleKind = Exclude<
  WindowPlan['kind'],
  'intersection' | 'union' | 'groupwin' | 'derived' | 'named-window' | 'table'
>;

const parameterCounts: Readonly<Record<SimpleKind, readonly [number, number]>> = {
  length: [1, 1],
  length_batch: [1, 1],
  time: [1, 1],
  time_batch: [1, 3],
  time_length_batch: [2, 3],
  ext_timed: [2, 2],
  ext_timed_batch: [2, 3],
  keepall: [0, 0],
  firstlength: [1, 1],
  firsttime: [1, 1],
  lastevent: [0, 0],
  firstevent: [0, 0],
  unique: [1, 32],
  firstunique: [1, 32],
  time_accum: [1, 1],
  sort: [2, 33],
  rank: [3, 64],
  time_order: [2, 2],
  timetolive: [1, 1],
  expr: [1, 1],
  expr_batch: [1, 2],
};

/**
 * Binds the data windows of a stream, with or without the namespace of the old notation. Several windows intersect
 * unless `retain` says otherwise.
 */
export function bindWindows(
  nodes: readonly WindowNode[],
  retain: 'union' | 'intersection' | undefined,
  binder: Binder,
): WindowPlan | undefined {
  return bindChain(nodes, retain, binder, []);
}

/** `keyNames`: columns of the `groupwin` that the chain stands in. */
function bindChain(
  nodes: readonly WindowNode[],
  retain: 'union' | 'intersection' | undefined,
  binder: Binder,
  keyNames: readonly string[],
): WindowPlan | undefined {
  const windows: WindowPlan[] = [];
  for (const [i, node] of nodes.entries()) {
    checkNamespace(node);
    const { name } = node;
    if (name === 'merge') continue;
    if (name === 'groupwin') {
      if (keyNames.length > 0)
        throw new Fault('EPL_VALUE', "a stream has one 'groupwin': give it several keys", node);
      if (i > 0) throw new Fault('EPL_VALUE', "'groupwin' must be the first data window of its stream", node);
      return bindGroupWindow(node, nodes.slice(1), retain, binder);
    }
    if (isDerived(name)) {
      if (i + 1 < nodes.length && nodes[i + 1].name !== 'merge')
        throw notSupported(`a data window behind '${name}'`, nodes[i + 1]);
      return bindDerived(name, node, combine(windows, retain, node), binder, keyNames);
    }
    windows.push(bindWindow(node, binder));
  }
  return combine(windows, retain, nodes.at(-1));
}

function combine(
  windows: readonly WindowPlan[],
  retain: 'union' | 'intersection' | undefined,
  place: WindowNode | undefined,
): WindowPlan | undefined {
  if (windows.length < 2) return windows[0];
  const kind = retain ?? 'intersection';
  if (kind === 'intersection' && windows.filter(isBatching).length > 1) {
    throw new Fault(
      'EPL_VALUE',
      'only one of several data windows may be a batch: two would release apart',
      place!,
    );
  }
  return { kind, windows };
}

function bindGroupWindow(
  node: WindowNode,
  rest: readonly WindowNode[],
  retain: 'union' | 'intersection' | undefined,
  binder: Binder,
): WindowPlan {
  if (node.arguments.length === 0)
    throw new Fault('EPL_VALUE', "the data window 'groupwin' takes 1 to 32 parameters, not 0", node);
  const keys = node.arguments.map((argument) =>
    bindUniqueKey(argument, "the data window 'groupwin'", binder),
  );
  const keyNames = keys.map((key, i) => (key.kind === 'property' ? key.name : `key${i}`));
  const window = bindChain(rest, retain, binder, keyNames);
  if (window === undefined) {
    const message = "'groupwin' needs a data window behind it, such as #groupwin(key)#length(2)";
    throw new Fault('EPL_VALUE', message, node);
  }
  const content = keys.findIndex(isContent);
  if (window.kind === 'derived' && content >= 0)
    throw new Fault(
      'EPL_TYPE',
      'derived numbers tell of simple keys only, not of arrays and events',
      node.arguments[content],
    );
  return { kind: 'groupwin', keys, window };
}

function bindWindow(node: WindowNode, binder: Binder): WindowPlan {
  const { name } = node;
  if (!Object.hasOwn(parameterCounts, name)) {
    const known = [...Object.keys(parameterCounts), 'groupwin', 'merge', ...derivedMeasures];
    throw new Fault(
      'EPL_UNKNOWN_WINDOW',
      `unknown data window '${node.name}'`,
      node,
      closestName(name.toLowerCase(), known),
    );
  }
  const kind = name as SimpleKind;
  checkParameterCount(kind, node, parameterCounts[kind]);
  const args = node.arguments;
  const owner = `the data window '${kind}'`;
  const period = (argument: Expression) => bindPeriod(argument, owner, binder);
  switch (kind) {
    case 'length':
    case 'length_batch':
    case 'firstlength':
      return { kind, size: bindSize(args[0], owner, binder) };
    case 'time':
    case 'firsttime':
    case 'time_accum':
      return { kind, period: period(args[0]) };
    case 'time_batch': {
      const flags = args.length > 1 ? flagsOf(args.at(-1)!) : undefined;
      const reference = args.length === 3 || (args.length === 2 && flags === undefined) ? args[1] : undefined;
      if (args.length === 3 && flags === undefined) throw flagsMissing(kind, args[2]);
      return {
        kind,
        period: period(args[0]),
        referenceMs: reference && bindReference(reference, owner, binder),
        ...updates(flags),
      };
    }
    case 'time_length_batch': {
      const flags = args[2] && flagsOf(args[2]);
      if (args.length === 3 && flags === undefined) throw flagsMissing(kind, args[2]);
      return { kind, period: period(args[0]), size: bindSize(args[1], owner, binder), ...updates(flags) };
    }
    case 'ext_timed':
    case 'time_order':
      return { kind, timestamp: bindTimestamp(args[0], owner, binder), period: period(args[1]) };
    case 'ext_timed_batch':
      return {
        kind,
        timestamp: bindTimestamp(args[0], owner, binder),
        period: period(args[1]),
        referenceMs: args[2] && bindReference(args[2], owner, binder),
      };
    case 'timetolive':
      return { kind, deadline: bindTimestamp(args[0], owner, binder) };
    case 'unique':
    case 'firstunique':
      return { kind, keys: args.map((argument) => bindUniqueKey(argument, owner, binder)) };
    case 'sort': {
      const order = args.slice(1).map((argument) => bindSortKey(argument, owner, binder));
      return { kind, size: bindSize(args[0], owner, binder), order };
    }
    case 'rank':
      return bindRank(args, binder);
    case 'expr':
    case 'expr_batch':
      return bindExpressionWindow(kind, args, binder);
    case 'keepall':
    case 'lastevent':
    case 'firstevent':
      return { kind };
    default:
      return kind satisfies never;
  }
}

export function checkParameterCount(
  name: string,
  node: WindowNode,
  [least, most]: readonly [number, number],
): void {
  const { length } = node.arguments;
  if (length >= least && length <= most) return;
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  throw new Fault(
    'EPL_VALUE',
    `the data window '${name}' takes ${wanted} parameter${wanted === '1' ? '' : 's'}, not ${length}`,
    node,
  );
}

const updates = (flags: ReadonlySet<string> | undefined) => {
  const startEager = flags?.has('start_eager') ?? false;
  return { startEager, forceUpdate: startEager || (flags?.has('force_update') ?? false) };
};

const flagsMissing = (name: string, argument: Expression): Fault =>
  new Fault(
    'EPL_VALUE',
    `the last parameter of '${name}' is a string of flags: 'force_update, start_eager'`,
    argument,
  );

/** `rank(key, …, size, order, …)`: the first constant is the size. */
function bindRank(args: readonly Expression[], binder: Binder): WindowPlan {
  const owner = "the data window 'rank'";
  const at = args.findIndex(({ kind }) => kind === 'literal');
  if (at < 1 || at === args.length - 1) {
    const message = `${owner} takes keys, a size and an order: #rank(user, 10, score desc)`;
    throw new Fault('EPL_VALUE', message, args[0]);
  }
  return {
    kind: 'rank',
    keys: args.slice(0, at).map((argument) => bindUniqueKey(argument, owner, binder)),
    size: bindSize(args[at], owner, binder),
    order: args.slice(at + 1).map((argument) => bindSortKey(argument, owner, binder)),
  };
}

import type { Bound } from '../plan/expression.ts';
import type { Parameter } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Binder } from './binder.ts';
import { resolveType } from './types.ts';

/**
 * `?` in a prepared query. The values given to the query stand among the variables, under names that no variable can
 * have. Without a type it goes with anything. @throws Fault outside of a query
 */
export function bindParameter(node: Parameter, { library, eventTypes }: Binder): Bound {
  const parameters = library?.parameters;
  if (parameters === undefined)
    throw new Fault('EPL_VALUE', "a parameter ('?') stands in prepared queries only", node);
  const name = `?${node.name ?? node.start}`;
  const known = parameters.get(name);
  const written = node.type ?? known?.type;
  // Clauses are not bound in the order in which they are written.
  const first = known !== undefined && known.start < node.start ? known : node;
  parameters.set(name, written === undefined ? first : { ...first, type: written });
  const type = written === undefined ? 'object' : resolveType(written, eventTypes);
  return { kind: 'variable', type, name, initial: null };
}

export const isParameter = (node: Bound): boolean => node.kind === 'variable' && node.name.startsWith('?');

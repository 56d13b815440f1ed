import type { Bound } from '../plan/expression.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Path, PathPart } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import { aggregateNames, bindAggregate, bindUserAggregate, isAggregateCall } from './bind-aggregate.ts';
import { matchContextProperty } from './bind-context-property.ts';
import { bindDynamic } from './bind-dynamic.ts';
import { bindExpression } from './bind-expression.ts';
import { bindGroupingFunction } from './bind-grouping.ts';
import { bindPrevious, previousNames } from './bind-previous.ts';
import type { Binder } from './binder.ts';
import { functions, methodsOf } from './functions.ts';
import { type Match, matchProperty, unknownProperty } from './scope.ts';
import { isInteger, typeFault } from './types.ts';
import { checkArguments } from './user-library.ts';

/** Functions that Esper has and this version has not. */
const laterFunctions = new Set(['countminsketch', 'event_identity_equals', 'transpose']);

/** Binds a chain of names, indexes and calls. @throws Fault */
export function bindPath(path: Path, binder: Binder): Bound {
  const { parts } = path;
  if (parts.some((part) => part.dynamic)) return bindDynamic(path, binder);
  const [first] = parts;
  if (first.arguments !== undefined) {
    const base = bindMapped(first, binder) ?? bindCall(first, binder);
    return bindMethod(base, parts, 1, first.name, binder);
  }
  const match =
    matchContextProperty(parts, binder.library?.context) ??
    matchProperty(binder.scope, parts) ??
    matchVariable(first, binder);
  if (match === undefined) {
    const [{ name }, second] = parts;
    if (second?.arguments !== undefined && !binder.scope.streams.some((stream) => stream.name === name)) {
      const user = bindUserCall(`${name}.${second.name}`, second, binder);
      if (user !== undefined) return bindMethod(user, parts, 2, `${name}.${second.name}`, binder);
      const known = binder.scope.streams.some(({ type }) => type.property(name) !== undefined);
      if (!known) {
        const close = closestName(`${name}.${second.name}`, binder.library?.functions.keys() ?? []);
        const message = `unknown function '${name}.${second.name}'`;
        throw new Fault('EPL_UNKNOWN_FUNCTION', message, path, close);
      }
    }
    throw unknownProperty(binder.scope, parts);
  }
  let { bound } = match;
  const last = parts[match.used - 1];
  if (last.indexes !== undefined) bound = bindIndex(bound, last, binder);
  const text = parts
    .slice(0, match.used)
    .map((part) => part.name)
    .join('.');
  return bindMethod(bound, parts, match.used, text, binder);
}

/** A variable of that name; a constant one is its value. */
function matchVariable({ name }: PathPart, { library }: Binder): Match | undefined {
  const variable = library?.variables.get(name);
  if (variable === undefined) return undefined;
  const { type, initial, constant } = variable;
  const bound: Bound = constant
    ? { kind: 'constant', type, value: initial }
    : { kind: 'variable', type, name, initial };
  return { bound, used: 1 };
}

/** Applies the parts from `from` on to a value: members of nested events, indexes, methods. */
export function bindMethod(
  base: Bound,
  parts: readonly PathPart[],
  from: number,
  text: string,
  binder: Binder,
): Bound {
  let bound = base;
  let printed = text;
  for (const part of parts.slice(from)) {
    bound =
      part.arguments === undefined
        ? bindMember(bound, part, printed)
        : bindMethodCall(bound, part, printed, binder);
    if (part.indexes !== undefined) bound = bindIndex(bound, part, binder);
    printed += `.${part.name}`;
  }
  return bound;
}

function bindMember(base: Bound, part: PathPart, text: string): Bound {
  const { type } = base;
  if (typeof type !== 'string' && type.kind === 'event') {
    const property = type.type.property(part.name);
    if (property === undefined) {
      const close = closestName(
        part.name,
        type.type.properties.map(({ name }) => name),
      );
      throw new Fault('EPL_UNKNOWN_PROPERTY', `unknown property '${part.name}' of ${text}`, part, close);
    }
    return { kind: 'member', type: property.type, base, name: part.name };
  }
  if (type === 'map') return { kind: 'member', type: 'object', base, name: part.name };
  throw new Fault(
    'EPL_UNKNOWN_PROPERTY',
    `${text} (${printType(type)}) has no property '${text}.${part.name}'`,
    part,
  );
}

function bindIndex(base: Bound, part: PathPart, binder: Binder): Bound {
  const { type } = base;
  if (typeof type === 'string' || type.kind !== 'array') {
    throw typeFault(`'${part.name}' (${printType(type)}) is no array and has no elements`, part);
  }
  const [first, second] = part.indexes!;
  if (second !== undefined) throw typeFault('an array has one index', second);
  const index = bindExpression(first, binder);
  if (!isInteger(index.type)) throw typeFault('the index of an array must be an integer', first);
  return { kind: 'element', type: type.element, base, index };
}

/** `tags('zone')`: the value of a key of a map. */
function bindMapped(part: PathPart, binder: Binder): Bound | undefined {
  const list = part.arguments!.list;
  const [key] = list;
  if (list.length !== 1 || key.kind !== 'literal' || typeof key.value !== 'string') return undefined;
  const match = matchProperty(binder.scope, [{ ...part, arguments: undefined } as unknown as PathPart]);
  if (match?.bound.type !== 'map') return undefined;
  return { kind: 'member', type: 'object', base: match.bound, name: key.value };
}

function bindCall(part: PathPart, binder: Binder): Bound {
  const name = part.name.toLowerCase();
  const { distinct, list } = part.arguments!;
  if (isAggregateCall(name, part.arguments!)) return bindAggregate(part, binder);
  if (distinct) {
    throw new Fault('EPL_SYNTAX', `'distinct' is for aggregates; ${name} is none`, part);
  }
  if (name === 'istream') {
    if (list.length > 0) throw new Fault('EPL_VALUE', 'istream() takes no arguments', part);
    return { kind: 'is-new', type: 'boolean' };
  }
  const previous = bindPrevious(name, part, binder);
  if (previous !== undefined) return previous;
  if (laterFunctions.has(name)) throw notSupported(`'${name}'`, part);
  if (name === 'typeof') {
    if (list.length !== 1) throw new Fault('EPL_VALUE', 'typeof takes one argument', part);
    return { kind: 'typeof', type: 'string', operand: bindExpression(list[0], binder) };
  }
  if (name === 'grouping' || name === 'grouping_id') return bindGroupingFunction(name, part, binder);
  const signature = functions.get(name);
  if (signature === undefined) {
    const user = bindUserCall(part.name, part, binder);
    if (user !== undefined) return user;
    const close = closestName(name, [
      ...functions.keys(),
      ...(binder.library?.functions.keys() ?? []),
      ...(binder.library?.aggregations.keys() ?? []),
      ...aggregateNames,
      ...laterFunctions,
      ...previousNames,
      'typeof',
      'cast',
      'istream',
    ]);
    throw new Fault('EPL_UNKNOWN_FUNCTION', `unknown function '${part.name}'`, part, close);
  }
  const args = list.map((argument) => bindExpression(argument, binder));
  const type = signature.result(args.map((argument) => argument.type));
  if (type === undefined) throw argumentFault(part, name, signature.parameters, args);
  return { kind: 'call', type, function: name, arguments: args };
}

/** A function or an aggregation that the program registered under that name. */
function bindUserCall(name: string, part: PathPart, binder: Binder): Bound | undefined {
  const aggregation = binder.library?.aggregations.get(name);
  if (aggregation !== undefined) return bindUserAggregate(aggregation, part, binder);
  const definition = binder.library?.functions.get(name);
  if (definition === undefined) return undefined;
  const args = part.arguments!.list.map((argument) => bindExpression(argument, binder));
  checkArguments(definition, args, part);
  return { kind: 'user-call', type: definition.result, definition, arguments: args };
}

function bindMethodCall(base: Bound, part: PathPart, text: string, binder: Binder): Bound {
  const found = methodsOf(base);
  const signature = found?.methods.get(part.name);
  if (found === undefined || signature === undefined) {
    throw notSupported(`the method '${part.name}' of ${text} (${printType(base.type)})`, part);
  }
  const args = part.arguments!.list.map((argument) => bindExpression(argument, binder));
  const type = signature.result(args.map((argument) => argument.type));
  if (type === undefined) throw argumentFault(part, part.name, signature.parameters, args);
  return { kind: 'call', type, function: found.prefix + part.name, arguments: [base, ...args] };
}

function argumentFault(
  part: PathPart,
  name: string,
  expected: string,
  args: readonly { type: PropertyType }[],
): Fault {
  const given = args.map(({ type }) => printType(type)).join(', ') || 'nothing';
  const text = reprint({ kind: 'path', parts: [part], start: part.start, end: part.end });
  return new Fault('EPL_TYPE', `${name} takes ${expected}, but ${text} gives it ${given}`, part);
}

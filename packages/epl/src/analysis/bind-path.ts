import { enumerationMethod, enumerationMethods } from '../plan/enumeration-method.ts';
import type { Bound } from '../plan/expression.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { aggregateNames } from '../syntax/aggregate-names.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Path, PathPart } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import { bindAggregate, bindUserAggregate, isAggregateCall } from './bind-aggregate.ts';
import { matchContextProperty } from './bind-context-property.ts';
import { bindDateTime, dateTimeMethods, endDateTime } from './bind-date-time.ts';
import { bindDeclared, sizeOf } from './bind-declared.ts';
import { bindDynamic } from './bind-dynamic.ts';
import { bindEnumeration } from './bind-enumeration.ts';
import { bindExpression, checkPattern } from './bind-expression.ts';
import { bindGroupingFunction } from './bind-grouping.ts';
import { bindPrevious, previousNames } from './bind-previous.ts';
import { bindSortedMethod } from './bind-sorted-method.ts';
import { bindStorePath, bindTableRow } from './bind-store-path.ts';
import type { Binder } from './binder.ts';
import { functions } from './functions.ts';
import { javaConstant } from './java-constants.ts';
import { methodsOf } from './methods.ts';
import { type Match, matchProperty, unknownProperty } from './scope.ts';
import { isInteger, typeFault } from './types.ts';
import { checkArguments } from './user-library.ts';

/** Functions that Esper has and this version has not. */
const laterFunctions = new Set(['countminsketch']);

/** Binds a chain of names, indexes and calls. @throws Fault */
export function bindPath(path: Path, binder: Binder): Bound {
  const { parts } = path;
  if (parts.some((part) => part.dynamic)) return bindDynamic(path, binder);
  const [first] = parts;
  const parameter = matchParameter(first, binder);
  if (parameter !== undefined) return bindMethod(parameter, parts, 1, first.name, binder);
  const alias = matchAlias(first, binder);
  if (alias !== undefined) return bindMethod(alias, parts, 1, first.name, binder);
  if (first.arguments !== undefined) {
    const base = bindMapped(first, binder) ?? bindCall(first, binder);
    return bindMethod(base, parts, 1, first.name, binder);
  }
  const row = first.indexes === undefined ? undefined : bindTableRow(path, binder);
  if (row !== undefined) return row;
  const match =
    matchContextProperty(parts, binder.library?.context) ??
    matchProperty(binder.scope, parts) ??
    matchVariable(first, binder);
  if (match === undefined) {
    const rows = bindStorePath(path, binder);
    if (rows !== undefined) return rows;
    const call = bindQualifiedCall(path, binder);
    if (call !== undefined) return call;
    const declared = first.indexes === undefined ? bindDeclared(first, binder) : undefined;
    if (declared !== undefined) return bindMethod(declared, parts, 1, first.name, binder);
    const constant = javaConstant(parts);
    if (constant !== undefined) return constant;
    throw unknownProperty(binder.scope, parts);
  }
  checkVariable(first, match, binder);
  let { bound } = match;
  const last = parts[match.used - 1];
  if (last.indexes !== undefined) bound = bindIndex(bound, last, binder);
  const text = parts
    .slice(0, match.used)
    .map((part) => part.name)
    .join('.');
  return bindMethod(bound, parts, match.used, text, binder);
}

/** A property and a variable of one name: neither is meant for sure. @throws Fault */
function checkVariable(part: PathPart, { bound, used }: Match, { library }: Binder): void {
  if (bound.kind !== 'property' || used > 1 || library?.variables.has(part.name) !== true) return;
  throw new Fault(
    'EPL_AMBIGUOUS_NAME',
    `'${part.name}' is ambiguous: a variable and a property have this name`,
    part,
  );
}

/** An alias hides properties of its name. */
function matchAlias(part: PathPart, binder: Binder): Bound | undefined {
  const isAlias = binder.library?.expressions.get(part.name)?.alias === true;
  return isAlias && part.arguments === undefined ? bindDeclared(part, binder) : undefined;
}

/** `Math.max(a, b)`, `net.isPrivate(a)`: a function whose name has dots. Undefined where the path is something else. */
function bindQualifiedCall(path: Path, binder: Binder): Bound | undefined {
  const { parts } = path;
  const at = parts.findIndex((part) => part.arguments !== undefined);
  const { streams } = binder.scope;
  const [{ name: first }] = parts;
  if (at < 1 || streams.some(({ name }) => name === first)) return undefined;
  const written = parts
    .slice(0, at + 1)
    .map(({ name }) => name)
    .join('.');
  const name = written.replace(/^java\.(lang|util|math)\./, '');
  const bound = bindUserCall(written, parts[at], binder) ?? bindLibraryCall(name, parts[at], binder);
  if (bound !== undefined) return bindMethod(bound, parts, at + 1, written, binder);
  if (at > 1 || streams.some(({ type }) => type.property(first) !== undefined)) return undefined;
  const close = closestName(name, [...functions.keys(), ...(binder.library?.functions.keys() ?? [])]);
  throw new Fault('EPL_UNKNOWN_FUNCTION', `unknown function '${written}'`, path, close);
}

/** Functions that give the text of their value. */
const textFunctions = new Set(['String.valueOf', 'Integer.toString', 'Long.toString', 'Double.toString']);

/** A function of the library; undefined where there is none of that name. */
function bindLibraryCall(name: string, part: PathPart, binder: Binder): Bound | undefined {
  const signature = functions.get(name);
  if (signature === undefined) return undefined;
  const args = part.arguments!.list.map((argument) => bindExpression(argument, binder));
  const type = signature.result(args.map((argument) => argument.type));
  if (type === undefined) throw argumentFault(part, name, signature.parameters, args);
  if (textFunctions.has(name)) {
    const text: Bound = { kind: 'cast', type: 'string', operand: args[0] };
    if (name !== 'String.valueOf') return text;
    const none: Bound = { kind: 'constant', type: 'string', value: 'null' };
    return { kind: 'call', type: 'string', function: 'coalesce', arguments: [text, none] };
  }
  return { kind: 'call', type, function: name, arguments: args };
}

/** A parameter of a lambda or a declared expression around the place: its name hides all others. */
export function matchParameter(part: PathPart, binder: Binder): Bound | undefined {
  if (part.arguments !== undefined) return undefined;
  const bound = binder.parameters?.get(part.name);
  // The value of a lambda's parameter is small; that of a declared expression may be large.
  if (bound !== undefined && bound.kind !== 'parameter') binder.expansion?.add(sizeOf(bound), part);
  if (bound === undefined || part.indexes === undefined) return bound;
  return bindIndex(bound, part, binder);
}

/** A variable of that name; a constant one is its value. */
function matchVariable(part: PathPart, { library }: Binder): Match | undefined {
  const { name } = part;
  const variable = library?.variables.get(name);
  if (variable === undefined) return undefined;
  const context = library?.variableContexts.get(name);
  if (context !== undefined && context !== library?.context?.name) {
    const message = `each partition of the context '${context}' has a variable '${name}': begin the statement with 'context ${context}'`;
    throw new Fault('EPL_VALUE', message, part);
  }
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
  for (let at = from; at < parts.length; ) {
    const used = propertyLength(bound.type, parts, at);
    const part = parts[at + used - 1];
    const name = parts
      .slice(at, at + used)
      .map((one) => one.name)
      .join('.');
    bound =
      part.arguments === undefined
        ? bindMember(bound, name, part, printed)
        : (bindMappedMember(bound, part) ?? bindMethodCall(bound, part, printed, binder));
    if (part.indexes !== undefined) bound = bindIndex(bound, part, binder);
    printed += `.${name}`;
    at += used;
  }
  return endDateTime(bound);
}

/** How many parts name the next property: columns may contain dots, and the longest one is meant. */
function propertyLength(type: PropertyType, parts: readonly PathPart[], from: number): number {
  if (typeof type === 'string' || type.kind !== 'event') return 1;
  let name = '';
  let longest = 1;
  for (let at = from; at < parts.length && parts[at].arguments === undefined; at++) {
    name += at === from ? parts[at].name : `.${parts[at].name}`;
    const declared = type.type.variants?.any !== true && type.type.property(name) !== undefined;
    if (declared) longest = at - from + 1;
    if (parts[at].indexes !== undefined) break;
  }
  return longest;
}

function bindMember(base: Bound, name: string, part: PathPart, text: string): Bound {
  const { type } = base;
  if (typeof type !== 'string' && type.kind === 'event') {
    const property = type.type.property(name);
    if (property === undefined) {
      const close = closestName(
        name,
        type.type.properties.map((other) => other.name),
      );
      const message = `unknown property '${text}.${name}': ${text} has no '${name}'`;
      throw new Fault('EPL_UNKNOWN_PROPERTY', message, part, close);
    }
    // An event of a stream, handed to a declared expression.
    if (base.kind === 'event' && type.type.variants?.any !== true)
      return { kind: 'property', type: property.type, stream: base.stream, name };
    return { kind: 'member', type: property.type, base, name };
  }
  if (type === 'map') {
    const message = `unknown property '${text}.${name}': the values of a map are read by key, ${text}('${name}')`;
    throw new Fault('EPL_UNKNOWN_PROPERTY', message, part);
  }
  if (typeof type !== 'string' && type.kind === 'array' && name === 'length')
    return { kind: 'call', type: 'int', function: 'array.length', arguments: [base] };
  throw new Fault(
    'EPL_UNKNOWN_PROPERTY',
    `${text} (${printType(type)}) has no property '${text}.${name}'`,
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

/** The key of `tags('zone')`. */
function mapKey(part: PathPart): string | undefined {
  const list = part.arguments!.list;
  const [key] = list;
  return list.length === 1 && key.kind === 'literal' && typeof key.value === 'string' ? key.value : undefined;
}

/** `p.tags('zone')` of an event p. */
function bindMappedMember(base: Bound, part: PathPart): Bound | undefined {
  const { type } = base;
  const key = mapKey(part);
  if (key === undefined || typeof type === 'string' || type.kind !== 'event') return undefined;
  if (type.type.property(part.name)?.type !== 'map') return undefined;
  const map = bindMember(base, part.name, part, part.name);
  return { kind: 'member', type: 'object', base: map, name: key };
}

/** `tags('zone')`: the value of a key of a map. */
function bindMapped(part: PathPart, binder: Binder): Bound | undefined {
  const key = mapKey(part);
  if (key === undefined) return undefined;
  const match = matchProperty(binder.scope, [{ ...part, arguments: undefined } as unknown as PathPart]);
  if (match?.bound.type !== 'map') return undefined;
  return { kind: 'member', type: 'object', base: match.bound, name: key };
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
  if (name === 'transpose')
    throw new Fault(
      'EPL_VALUE',
      "transpose stands alone in a select clause behind 'insert into': insert into T select transpose(…)",
      part,
    );
  if (name === 'event_identity_equals') return bindIdentity(part, binder);
  if (name === 'typeof') {
    if (list.length !== 1) throw new Fault('EPL_VALUE', 'typeof takes one argument', part);
    return { kind: 'typeof', type: 'string', operand: bindExpression(list[0], binder) };
  }
  if (name === 'grouping' || name === 'grouping_id') return bindGroupingFunction(name, part, binder);
  const bound =
    bindLibraryCall(name, part, binder) ??
    bindDeclared(part, binder) ??
    bindUserCall(part.name, part, binder);
  if (bound !== undefined) return bound;
  const close = closestName(name, [
    ...functions.keys(),
    ...(binder.library?.functions.keys() ?? []),
    ...(binder.library?.aggregations.keys() ?? []),
    ...(binder.library?.expressions.keys() ?? []),
    ...aggregateNames,
    ...laterFunctions,
    ...previousNames,
    'typeof',
    'event_identity_equals',
    'transpose',
    'cast',
    'istream',
  ]);
  throw new Fault('EPL_UNKNOWN_FUNCTION', `unknown function '${part.name}'`, part, close);
}

/** `event_identity_equals(a, b)`: whether two streams or tags hold the same event. */
function bindIdentity(part: PathPart, binder: Binder): Bound {
  const args = part.arguments!.list.map((argument) => bindExpression(argument, binder));
  const isEvent = ({ type }: Bound) => typeof type !== 'string' && type.kind === 'event';
  if (args.length === 2 && args.every(isEvent))
    return { kind: 'call', type: 'boolean', function: 'event_identity_equals', arguments: args };
  throw new Fault('EPL_TYPE', 'event_identity_equals takes two events', part);
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
  const sorted = bindSortedMethod(base, part, binder);
  if (sorted !== undefined) return sorted;
  const { prefix, methods } = methodsOf(base.type);
  const signature = methods.get(part.name);
  const enumerated = enumerationMethod(part.name);
  if (signature === undefined && enumerated !== undefined)
    return bindEnumeration(base, enumerated, part, text, binder);
  const dated = signature === undefined ? bindDateTime(base, part, text, binder) : undefined;
  if (dated !== undefined) return dated;
  if (signature === undefined) throw unknownMethod(base, part, text, methods);
  const args = part.arguments!.list.map((argument) => bindExpression(argument, binder));
  const type = signature.result(args.map((argument) => argument.type));
  if (type === undefined) throw argumentFault(part, part.name, signature.parameters, args);
  const name = prefix + part.name;
  if (part.name === 'toString') return { kind: 'cast', type: 'string', operand: base };
  const [pattern] = args;
  if (name === 'string.matches' && pattern.kind === 'constant' && typeof pattern.value === 'string')
    checkPattern(pattern.value, part);
  if (name === 'string.split')
    return { kind: 'call', type, function: name, arguments: [base, separatorOf(pattern, part)] };
  return { kind: 'call', type, function: name, arguments: [base, ...args] };
}

/** The text that the pattern of `split` stands for: patterns with special characters are not searched for. */
function separatorOf(pattern: Bound, part: PathPart): Bound {
  const written = pattern.kind === 'constant' && typeof pattern.value === 'string' ? pattern.value : '';
  const fixed = written !== '' && /^([^\\^$.|?*+()[\]{}]|\\[^A-Za-z0-9])+$/.test(written);
  if (fixed) return { kind: 'constant', type: 'string', value: written.replace(/\\(.)/g, '$1') };
  const message = 'split takes a constant text; characters that are special in patterns need two backslashes';
  throw new Fault('EPL_VALUE', message, part);
}

function unknownMethod(
  base: Bound,
  part: PathPart,
  text: string,
  methods: ReadonlyMap<string, unknown>,
): Fault {
  const isArray = typeof base.type !== 'string' && base.type.kind === 'array';
  const dates = base.type === 'long' ? dateTimeMethods : [];
  const names = [...methods.keys(), ...(isArray ? enumerationMethods : dates)];
  const message = `${text} (${printType(base.type)}) has no method '${part.name}'`;
  return new Fault('EPL_UNKNOWN_FUNCTION', message, part, closestName(part.name, names));
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

import { aggregateNames } from './aggregate-names.ts';
import type { Expression, PathPart } from './expression.ts';
import { levels, operatorLevel } from './operator-level.ts';

/**
 * The canonical text of an expression, as Esper prints it for default column names: no spaces but around words,
 * strings in double quotes, `-x` as `-1*x`, only the parentheses that precedence needs, and aggregates inside
 * arithmetic always in parentheses.
 */
export function reprint(expression: Expression): string {
  return print(expression, 0);
}

/** What is no operator binds tighter than any; a sign is printed as a product. */
function levelOf(expression: Expression): number {
  if (expression.kind === 'case') return levels.unary;
  if (expression.kind === 'unary' && expression.operator === '-') return levels.product;
  return operatorLevel(expression) ?? levels.unary + 1;
}

/** Functions over many events: in arithmetic they are printed in parentheses. */
const aggregates: ReadonlySet<string> = new Set(aggregateNames);

function isAggregateCall(expression: Expression): boolean {
  if (expression.kind !== 'path' || expression.parts.length !== 1) return false;
  const [{ name, arguments: args }] = expression.parts;
  if (args === undefined || !aggregates.has(name.toLowerCase())) return false;
  return !/^(min|max)$/i.test(name) || args.list.length === 1;
}

function print(expression: Expression, surrounding: number): string {
  const level = levelOf(expression);
  const text = printBare(expression, level);
  return level < surrounding ? `(${text})` : text;
}

function printBare(expression: Expression, level: number): string {
  switch (expression.kind) {
    case 'literal':
      return expression.type === 'string' ? `"${expression.value}"` : String(expression.value);
    case 'path':
      return expression.parts.map(printPart).join('.');
    case 'method':
      return `${print(expression.base, levels.unary)}.${expression.parts.map(printPart).join('.')}`;
    case 'unary':
      return expression.operator === 'not'
        ? `not ${print(expression.operand, level)}`
        : `-1*${print(expression.operand, levels.unary)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const arithmetic = level === levels.sum || level === levels.product;
      const operand = (side: Expression, surrounding: number): string =>
        arithmetic && isAggregateCall(side) ? `(${print(side, 0)})` : print(side, surrounding);
      const gap = operator === 'is' || operator === 'is not' ? ' ' : '';
      return `${operand(left, level)}${gap}${operator}${gap}${operand(right, level + 1)}`;
    }
    case 'quantified':
      return `${print(expression.left, level)}${expression.operator}${expression.quantifier}(${printList(expression.list)})`;
    case 'and':
    case 'or':
      return expression.operands.map((operand) => print(operand, level + 1)).join(` ${expression.kind} `);
    case 'between':
      return `${print(expression.value, level)}${not(expression)} between ${print(expression.low, level)} and ${print(expression.high, level)}`;
    case 'in-list':
      return `${print(expression.value, level)}${not(expression)} in (${printList(expression.list)})`;
    case 'in-range': {
      const open = expression.lowIncluded ? '[' : '(';
      const close = expression.highIncluded ? ']' : ')';
      return `${print(expression.value, level)}${not(expression)} in ${open}${print(expression.low, 0)}:${print(expression.high, 0)}${close}`;
    }
    case 'like': {
      const escaped = expression.escape === undefined ? '' : ` escape ${print(expression.escape, level)}`;
      return `${print(expression.value, level)}${not(expression)} like ${print(expression.pattern, level)}${escaped}`;
    }
    case 'regexp':
      return `${print(expression.value, level)}${not(expression)} regexp ${print(expression.pattern, level)}`;
    case 'subquery':
      return 'subselect';
    case 'exists-subquery':
      return 'exists(subselect)';
    case 'in-subquery':
      return `${print(expression.value, level)}${not(expression)} in (subselect)`;
    case 'quantified-subquery':
      return `${print(expression.left, level)}${expression.operator}${expression.quantifier}(subselect)`;
    case 'case': {
      const operand = expression.operand === undefined ? '' : ` ${print(expression.operand, 0)}`;
      const branches = expression.branches.map(
        ({ when, result }) => ` when ${print(when, 0)} then ${print(result, 0)}`,
      );
      const otherwise = expression.otherwise === undefined ? '' : ` else ${print(expression.otherwise, 0)}`;
      return `case${operand}${branches.join('')}${otherwise} end`;
    }
    case 'array': {
      const type = expression.element === undefined ? '' : `new ${expression.element.name}[] `;
      return `${type}{${printList(expression.elements)}}`;
    }
    case 'cast':
      return `cast(${print(expression.operand, 0)},${expression.type.name}${'[]'.repeat(expression.type.dimensions)})`;
    case 'new-struct': {
      const columns = expression.columns.map(({ name, value }) =>
        value === undefined ? name : `${name}=${print(value, 0)}`,
      );
      return `new{${columns.join(',')}}`;
    }
    case 'new-array':
      return `new ${expression.type.name}${expression.sizes.map((size) => `[${print(size, 0)}]`).join('')}`;
    case 'instanceof':
      return `instanceof(${print(expression.operand, 0)},${expression.types.map(({ name }) => name).join(',')})`;
    case 'exists':
      return `exists(${print(expression.path, 0)})`;
    case 'lambda':
      return `${expression.parameters.join(',')} => ${print(expression.body, 0)}`;
    case 'sort-key':
      return `${print(expression.expression, 0)}${expression.descending ? ' desc' : ''}`;
    case 'tuple':
      return `(${printList(expression.elements)})`;
    case 'parameter':
      return '?';
    case 'current-timestamp':
      return 'current_timestamp()';
    case 'time-period':
      return expression.parts.map(({ unit, value }) => `${print(value, levels.unary)} ${unit}s`).join(' ');
    case 'wildcard':
      return expression.stream === undefined ? '*' : `${expression.stream}.*`;
    case 'named-argument':
      return `${expression.name}:${print(expression.value, 0)}`;
    default:
      return expression satisfies never;
  }
}

const not = (expression: { readonly not: boolean }): string => (expression.not ? ' not' : '');

const printList = (list: readonly Expression[]): string => list.map((element) => print(element, 0)).join(',');

function printPart(part: PathPart): string {
  const { name, arguments: args, indexes, dynamic } = part;
  let text = args !== undefined && aggregates.has(name.toLowerCase()) ? name.toLowerCase() : name;
  if (args !== undefined) text += `(${args.distinct ? 'distinct ' : ''}${printList(args.list)})`;
  if (indexes !== undefined) text += `[${printList(indexes)}]`;
  return dynamic ? `${text}?` : text;
}

import { numberText } from '../number-text.ts';
import { aggregateNames } from './aggregate-names.ts';
import type { Arguments, Expression, Literal, PathPart } from './expression.ts';
import { levels, operatorLevel } from './operator-level.ts';
import type { Subquery } from './select.ts';

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

/** Functions over many events: as operands they are printed in parentheses. */
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
      return printLiteral(expression);
    case 'path':
      return expression.parts.map(printPart).join('.');
    case 'method':
      return `${print(expression.base, levels.unary)}.${expression.parts.map(printPart).join('.')}`;
    case 'unary':
      return expression.operator === 'not'
        ? `not ${printOperand(expression.operand, level)}`
        : `-1*${printOperand(expression.operand, levels.unary)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const gap = operator === 'is' || operator === 'is not' ? ' ' : '';
      return `${printOperand(left, level)}${gap}${operator}${gap}${printOperand(right, level)}`;
    }
    case 'quantified':
      return `${printOperand(expression.left, level)}${expression.operator}${expression.quantifier}(${printList(expression.list)})`;
    case 'and':
    case 'or':
      return expression.operands.map((operand) => printOperand(operand, level)).join(` ${expression.kind} `);
    case 'between':
      return `${printOperand(expression.value, level)}${not(expression)} between ${printOperand(expression.low, level)} and ${printOperand(expression.high, level)}`;
    case 'in-list':
      return `${printOperand(expression.value, level)}${not(expression)} in (${printList(expression.list)})`;
    case 'in-range': {
      if (expression.lowIncluded && expression.highIncluded)
        return printBare({ ...expression, kind: 'between' }, level);
      const open = expression.lowIncluded ? '[' : '(';
      const close = expression.highIncluded ? ']' : ')';
      return `${printOperand(expression.value, level)}${not(expression)} in ${open}${print(expression.low, 0)}:${print(expression.high, 0)}${close}`;
    }
    case 'like': {
      const escaped = expression.escape === undefined ? '' : ` escape ${print(expression.escape, level)}`;
      return `${printOperand(expression.value, level)}${not(expression)} like ${print(expression.pattern, level)}${escaped}`;
    }
    case 'regexp':
      return `${printOperand(expression.value, level)}${not(expression)} regexp ${print(expression.pattern, level)}`;
    case 'subquery':
    case 'exists-subquery':
    case 'in-subquery':
    case 'quantified-subquery':
      return printSubquery(expression.query);
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
      return '';
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

function printLiteral({ type, value }: Literal): string {
  if (type === 'string') return `"${value}"`;
  if (type === 'float' || type === 'double') return numberText(value as number, type === 'float');
  return String(value);
}

const not = (expression: { readonly not: boolean }): string => (expression.not ? ' not' : '');

/** An operand, where a function over many events stands in parentheses. */
const printOperand = (expression: Expression, surrounding: number): string =>
  isAggregateCall(expression) ? `(${print(expression, 0)})` : print(expression, surrounding);

/** Whatever is asked of a subquery, it is printed as its first column. */
function printSubquery({ items: [first], number }: Subquery): string {
  return first.kind === 'expression' ? (first.alias ?? reprint(first.expression)) : `subselect_${number}`;
}

const printList = (list: readonly Expression[]): string => list.map((element) => print(element, 0)).join(',');

/** Esper prints these by another name. */
const printedAs: ReadonlyMap<string, string> = new Map([
  ['minever', 'min'],
  ['fmin', 'min'],
  ['fminever', 'min'],
  ['maxever', 'max'],
  ['fmax', 'max'],
  ['fmaxever', 'max'],
]);

/** What is printed before the only argument of a function that can also be given the number of events. */
const printedBefore: ReadonlyMap<string, string> = new Map([
  ['prev', '1,'],
  ['prevtail', '0,'],
]);

/** Functions whose names are keywords, whatever their case. */
const keywords: ReadonlySet<string> = new Set([
  'coalesce',
  'grouping',
  'grouping_id',
  'istream',
  'prev',
  'prevcount',
  'prevtail',
  'prevwindow',
  'prior',
  'typeof',
]);

function printCall(name: string, { distinct, list }: Arguments): string {
  const lower = name.toLowerCase();
  const known = aggregates.has(lower) || keywords.has(lower) ? (printedAs.get(lower) ?? lower) : name;
  const before = list.length === 1 ? (printedBefore.get(lower) ?? '') : '';
  const printed = lower === 'leaving' && list.length === 0 ? '*' : printList(list);
  return `${known}(${distinct ? 'distinct ' : ''}${before}${printed})`;
}

function printPart(part: PathPart): string {
  const { name, arguments: args, indexes, dynamic } = part;
  let text = args === undefined ? name : printCall(name, args);
  if (indexes !== undefined) text += `[${printList(indexes)}]`;
  return dynamic ? `${text}?` : text;
}

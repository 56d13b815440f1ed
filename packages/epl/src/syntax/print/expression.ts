import type { Arguments, Expression, Literal, Parameter, PathPart, TypeName } from '../expression.ts';
import { type Level, levels, operatorLevel } from '../operator-level.ts';
import { printName, printString } from './name.ts';
import { printSubquery } from './select.ts';

/** The expression as EPL that parses to the same tree, with only the parentheses that it needs. */
export const printExpression = (expression: Expression): string => print(expression, levels.anything);

export const printList = (list: readonly Expression[]): string => list.map(printExpression).join(', ');

function print(expression: Expression, place: Level): string {
  const level = levelOf(expression);
  const text = printBare(expression, level);
  return level < place ? `(${text})` : text;
}

function levelOf(expression: Expression): Level {
  switch (expression.kind) {
    case 'time-period':
    case 'lambda':
    case 'sort-key':
    case 'named-argument':
      return levels.anything;
    default:
      return operatorLevel(expression) ?? levels.unary;
  }
}

/** One more: the right side of an operator that leans to the left. */
const above = (level: Level): Level => Math.min(level + 1, levels.unary) as Level;

function printBare(expression: Expression, level: Level): string {
  const relation = (value: Expression): string => print(value, levels.relation);
  const operand = (value: Expression): string => print(value, levels.concatenation);
  switch (expression.kind) {
    case 'literal':
      return printLiteral(expression);
    case 'path':
      return expression.parts.map(printPart).join('.');
    case 'method':
      return `(${printExpression(expression.base)}).${expression.parts.map(printPart).join('.')}`;
    case 'unary':
      return expression.operator === 'not'
        ? `not ${print(expression.operand, levels.equality)}`
        : `-${print(expression.operand, levels.unary)}`;
    case 'binary':
      // Bitwise operators do not chain.
      return `${print(expression.left, level === levels.bitwise ? above(level) : level)} ${expression.operator} ${print(expression.right, above(level))}`;
    case 'or':
    case 'and':
      return expression.operands.map((value) => print(value, above(level))).join(` ${expression.kind} `);
    case 'quantified':
      return `${print(expression.left, level)} ${expression.operator} ${expression.quantifier} (${printList(expression.list)})`;
    case 'quantified-subquery':
      return `${print(expression.left, level)} ${expression.operator} ${expression.quantifier} (${printSubquery(expression.query)})`;
    case 'between':
      return `${relation(expression.value)}${not(expression)} between ${operand(expression.low)} and ${operand(expression.high)}`;
    case 'in-range': {
      const open = expression.lowIncluded ? '[' : '(';
      const close = expression.highIncluded ? ']' : ')';
      return `${relation(expression.value)}${not(expression)} in ${open}${printExpression(expression.low)}:${printExpression(expression.high)}${close}`;
    }
    case 'in-list':
      return `${relation(expression.value)}${not(expression)} in (${printList(expression.list)})`;
    case 'in-subquery':
      return `${relation(expression.value)}${not(expression)} in (${printSubquery(expression.query)})`;
    case 'like': {
      const escaped = expression.escape === undefined ? '' : ` escape ${operand(expression.escape)}`;
      return `${relation(expression.value)}${not(expression)} like ${operand(expression.pattern)}${escaped}`;
    }
    case 'regexp':
      return `${relation(expression.value)}${not(expression)} regexp ${operand(expression.pattern)}`;
    case 'exists-subquery':
      return `exists (${printSubquery(expression.query)})`;
    case 'subquery':
      return `(${printSubquery(expression.query)})`;
    case 'case': {
      const value = expression.operand === undefined ? '' : ` ${printExpression(expression.operand)}`;
      const branches = expression.branches.map(
        ({ when, result }) => ` when ${printExpression(when)} then ${printExpression(result)}`,
      );
      const otherwise =
        expression.otherwise === undefined ? '' : ` else ${printExpression(expression.otherwise)}`;
      return `(case${value}${branches.join('')}${otherwise} end)`;
    }
    case 'array': {
      const type = expression.element === undefined ? '' : `new ${printType(expression.element)}[] `;
      return `${type}{${printList(expression.elements)}}`;
    }
    case 'new-struct': {
      const columns = expression.columns.map(
        ({ name, value }) => printName(name) + (value === undefined ? '' : ` = ${printExpression(value)}`),
      );
      return `new {${columns.join(', ')}}`;
    }
    case 'new-array':
      return `new ${printType(expression.type)}${expression.sizes.map((size) => `[${printExpression(size)}]`).join('')}`;
    case 'cast': {
      const options = expression.options.map((option) => `, ${printExpression(option)}`).join('');
      return `cast(${printExpression(expression.operand)}, ${printType(expression.type)}${options})`;
    }
    case 'instanceof':
      return `instanceof(${printExpression(expression.operand)}, ${expression.types.map(printType).join(', ')})`;
    case 'exists':
      return `exists(${printExpression(expression.path)})`;
    case 'parameter':
      return printParameter(expression);
    case 'current-timestamp':
      return 'current_timestamp';
    case 'time-period':
      return expression.parts
        .map(
          ({ unit, value }, i) => `${i === 0 ? printExpression(value) : print(value, levels.unary)} ${unit}s`,
        )
        .join(' ');
    case 'lambda': {
      const [first, ...rest] = expression.parameters.map(printName);
      const parameters = rest.length === 0 ? first : `(${[first, ...rest].join(', ')})`;
      return `${parameters} => ${printExpression(expression.body)}`;
    }
    case 'sort-key':
      return `${printExpression(expression.expression)} ${expression.descending ? 'desc' : 'asc'}`;
    case 'tuple':
      return `(${printList(expression.elements)})`;
    case 'wildcard':
      return expression.stream === undefined ? '*' : `${printName(expression.stream)}.*`;
    case 'named-argument':
      return `${printName(expression.name)}: ${printExpression(expression.value)}`;
    default:
      return expression satisfies never;
  }
}

const not = (expression: { readonly not: boolean }): string => (expression.not ? ' not' : '');

const printParameter = ({ name, type }: Parameter): string => {
  const named = name === undefined ? '' : `:${printName(name)}`;
  return `?${type !== undefined && name === undefined ? ':' : named}${type === undefined ? '' : `:${printType(type)}`}`;
};

export const printType = ({ name, dimensions }: TypeName): string => {
  const words = /^[\w$]+(\.[\w$]+)*$/.test(name) ? name : `\`${name}\``;
  return words + '[]'.repeat(dimensions);
};

function printLiteral({ type, value }: Literal): string {
  switch (type) {
    case 'string':
      return printString(String(value));
    case 'long':
      return `${value}L`;
    case 'float':
      return `${value}f`;
    case 'double':
      return `${value}d`;
    case 'int':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
    case 'null':
      return String(value);
    default:
      return type satisfies never;
  }
}

function printPart(part: PathPart, place: number): string {
  const { name, quoted, arguments: args, indexes, dynamic } = part;
  let text = quoted ? `\`${name}\`` : name;
  if (place > 0 && !quoted) text = name;
  if (args !== undefined) text += `(${printArguments(args)})`;
  if (indexes !== undefined) text += `[${printList(indexes)}]`;
  return dynamic ? `${text}?` : text;
}

export const printArguments = ({ distinct, list }: Arguments): string =>
  `${distinct ? 'distinct ' : ''}${printList(list)}`;

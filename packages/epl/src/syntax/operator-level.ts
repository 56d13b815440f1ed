import type { Expression } from './expression.ts';

/** How tightly an operator binds; an operand that binds looser than its place needs parentheses. */
export const levels = {
  anything: 0,
  or: 1,
  and: 2,
  bitwise: 3,
  not: 4,
  equality: 5,
  relation: 6,
  concatenation: 7,
  sum: 8,
  product: 9,
  unary: 10,
} as const;

export type Level = (typeof levels)[keyof typeof levels];

/** The level of an operator between or before operands; undefined for any other expression, and for a sign. */
export function operatorLevel(expression: Expression): Level | undefined {
  switch (expression.kind) {
    case 'or':
      return levels.or;
    case 'and':
      return levels.and;
    case 'unary':
      return expression.operator === 'not' ? levels.not : undefined;
    case 'binary':
      switch (expression.operator) {
        case '&':
        case '|':
        case '^':
          return levels.bitwise;
        case '=':
        case '!=':
        case 'is':
        case 'is not':
          return levels.equality;
        case '||':
          return levels.concatenation;
        case '+':
        case '-':
          return levels.sum;
        case '*':
        case '/':
        case '%':
          return levels.product;
        default:
          return levels.relation;
      }
    case 'quantified':
    case 'quantified-subquery':
      return expression.operator === '=' || expression.operator === '!=' ? levels.equality : levels.relation;
    case 'between':
    case 'in-range':
    case 'in-list':
    case 'in-subquery':
    case 'like':
    case 'regexp':
      return levels.relation;
    default:
      return undefined;
  }
}

import { printType } from '../runtime/property-type.ts';
import type { Bound } from './expression.ts';

/** A bound expression as text, for `explain`: every operation in parentheses, streams by their names. */
export function printBound(node: Bound, streams: readonly string[], aggregates: readonly string[]): string {
  const print = (child: Bound): string => printBound(child, streams, aggregates);
  const list = (children: readonly Bound[]): string => children.map(print).join(', ');
  switch (node.kind) {
    case 'constant':
      if (typeof node.value === 'bigint') return `${node.value}L`;
      return JSON.stringify(node.value);
    case 'property':
      return streams.length > 1 ? `${streams[node.stream]}.${node.name}` : node.name;
    case 'event':
      return streams[node.stream];
    case 'table-access': {
      const row = node.keys.length === 0 ? node.table : `${node.table}[${list(node.keys)}]`;
      return node.column === undefined ? row : `${row}.${node.column}`;
    }
    case 'table-keys':
      return `${node.table}.keys()`;
    case 'subquery': {
      const name = `subquery${node.index}(${list(node.outer)})`;
      const { question } = node;
      switch (question.kind) {
        case 'value':
        case 'rows':
          return name;
        case 'exists':
          return `exists ${name}`;
        case 'in':
          return `(${print(node.left!)} ${question.not ? 'not in' : 'in'} ${name})`;
        case 'quantified':
          return `(${print(node.left!)} ${question.operator} ${question.quantifier} ${name})`;
        default:
          return question satisfies never;
      }
    }
    case 'member':
      return `${print(node.base)}.${node.name}`;
    case 'element':
      return `${print(node.base)}[${print(node.index)}]`;
    case 'arithmetic':
    case 'bitwise':
    case 'comparison':
      return `(${print(node.left)} ${node.operator} ${print(node.right)})`;
    case 'concatenation':
      return `(${node.operands.map(print).join(' || ')})`;
    case 'negation':
      return `-(${print(node.operand)})`;
    case 'not':
      return `not ${print(node.operand)}`;
    case 'and':
    case 'or':
      return `(${node.operands.map(print).join(` ${node.kind} `)})`;
    case 'is':
      return `(${print(node.left)} is ${node.not ? 'not ' : ''}${print(node.right)})`;
    case 'quantified':
      return `(${print(node.left)} ${node.operator} ${node.quantifier} (${list(node.list)}))`;
    case 'range': {
      const open = node.lowIncluded ? '[' : '(';
      const close = node.highIncluded ? ']' : ')';
      return `(${print(node.value)}${not(node)} in ${open}${print(node.low)}:${print(node.high)}${close})`;
    }
    case 'in-list':
      return `(${print(node.value)}${not(node)} in (${list(node.list)}))`;
    case 'like':
      return `(${print(node.value)}${not(node)} like ${print(node.pattern)})`;
    case 'regexp':
      return `(${print(node.value)}${not(node)} regexp ${print(node.pattern)})`;
    case 'instanceof':
      return `instanceof(${print(node.operand)}, ${node.types.map(printType).join(', ')})`;
    case 'has-property':
      return `exists(${print(node.base)}.${node.name})`;
    case 'struct':
      return `{${node.columns.map(({ name, value }) => `${name} = ${print(value)}`).join(', ')}}`;
    case 'previous':
      return `${node.function}(${print(node.index)}, ${print(node.value)})`;
    case 'prior':
      return `prior(${node.offset}, ${print(node.value)})`;
    case 'user-call':
      return `${node.definition.name}(${list(node.arguments)})`;
    case 'local-aggregate':
      return `local${node.index}[${list(node.keys)}]`;
    case 'grouping':
      return `grouping(${node.keys.map((key) => `key${key}`).join(', ')})`;
    case 'case': {
      const branches = node.branches.map(({ when, result }) => ` when ${print(when)} then ${print(result)}`);
      const otherwise = node.otherwise === undefined ? '' : ` else ${print(node.otherwise)}`;
      return `case${node.operand === undefined ? '' : ` ${print(node.operand)}`}${branches.join('')}${otherwise} end`;
    }
    case 'array':
      return `{${list(node.elements)}}`;
    case 'cast':
      return `cast(${print(node.operand)}, ${typeof node.type === 'string' ? node.type : node.type.kind})`;
    case 'typeof':
      return `typeof(${print(node.operand)})`;
    case 'call':
      return `${node.function}(${list(node.arguments)})`;
    case 'context':
      return node.text;
    case 'enumeration': {
      const lambdas = node.lambdas.map(
        ({ parameters, body }) => `(${parameters.join(', ')}) => ${print(body)}`,
      );
      return `${print(node.base)}.${node.method}(${[...node.arguments.map(print), ...lambdas].join(', ')})`;
    }
    case 'parameter':
    case 'variable':
      return node.name;
    case 'now':
      return 'current_timestamp';
    case 'is-new':
      return 'istream()';
    case 'aggregate':
      return aggregates[node.index];
    case 'group-key':
      return `key${node.index}`;
    default:
      return node satisfies never;
  }
}

const not = (node: { readonly not: boolean }): string => (node.not ? ' not' : '');

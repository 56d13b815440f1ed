import type { MatchRecognize, RowPattern } from '../match-recognize.ts';
import { printExpression, printList } from './expression.ts';
import { joinWords, printName } from './name.ts';

export function printMatchRecognize(node: MatchRecognize): string {
  const { partitionBy, measures, allMatches, skip, interval, define } = node;
  const words = joinWords(
    partitionBy.length > 0 && `partition by ${printList(partitionBy)}`,
    `measures ${measures.map(({ expression, alias }) => `${printExpression(expression)} as ${printName(alias)}`).join(', ')}`,
    allMatches && 'all matches',
    skip && `after match skip ${skip === 'past last row' ? skip : `to ${skip}`}`,
    `pattern (${printRows(node.pattern)})`,
    interval &&
      `interval ${printExpression(interval.duration)}${interval.orTerminated ? ' or terminated' : ''}`,
    define.length > 0 &&
      `define ${define.map(({ variable, condition }) => `${printName(variable)} as ${printExpression(condition)}`).join(', ')}`,
  );
  return `match_recognize (${words})`;
}

/** Groups get parentheses wherever they stand inside of another. */
function printRows(node: RowPattern, inner = false): string {
  switch (node.kind) {
    case 'variable':
      return printName(node.name);
    case 'permutation':
      return `match_recognize_permute(${node.parts.map((part) => printRows(part)).join(', ')})`;
    case 'sequence':
    case 'alternatives': {
      const glue = node.kind === 'sequence' ? ' ' : ' | ';
      const text = node.parts.map((part) => printRows(part, true)).join(glue);
      return inner ? `(${text})` : text;
    }
    case 'repeat': {
      const { quantifier, low, high, greedy } = node;
      const bounds =
        low !== undefined && low === high
          ? printExpression(low)
          : `${low === undefined ? '' : printExpression(low)},${high === undefined ? '' : printExpression(high)}`;
      const times = quantifier === 'range' ? `{${bounds}}` : quantifier;
      const operand = printRows(node.operand, true);
      return `${node.operand.kind === 'repeat' ? `(${operand})` : operand}${times}${greedy ? '' : '?'}`;
    }
    default:
      return node satisfies never;
  }
}

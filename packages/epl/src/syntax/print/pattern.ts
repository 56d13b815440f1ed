import type { NamedPlugin, PatternNode, PatternRepeat } from '../pattern.ts';
import { printCronFields } from './cron.ts';
import { printExpression, printList } from './expression.ts';
import { printName } from './name.ts';
import { printEventFilter } from './stream.ts';

/** Loosest first; what stands deeper than its place allows gets parentheses. */
const levels = { 'followed-by': 0, or: 1, and: 2, repeat: 3, prefix: 4, guard: 5, atom: 6 } as const;

type Level = (typeof levels)[keyof typeof levels];

export const printPattern = (node: PatternNode): string => print(node, levels['followed-by']);

function levelOf(node: PatternNode): Level {
  switch (node.kind) {
    case 'every':
    case 'not':
    case 'every-distinct':
      return levels.prefix;
    case 'filter':
    case 'observer':
      return levels.atom;
    default:
      return levels[node.kind];
  }
}

function print(node: PatternNode, place: Level): string {
  const text = printBare(node);
  return levelOf(node) < place ? `(${text})` : text;
}

function printBare(node: PatternNode): string {
  switch (node.kind) {
    case 'followed-by': {
      const steps = node.steps.map(({ max, node: step }) => {
        const arrow = max === undefined ? '->' : `-[${printExpression(max)}]>`;
        return ` ${arrow} ${print(step, levels.or)}`;
      });
      return print(node.first, levels.or) + steps.join('');
    }
    case 'or':
    case 'and': {
      const place = node.kind === 'or' ? levels.and : levels.repeat;
      return node.operands.map((operand) => print(operand, place)).join(` ${node.kind} `);
    }
    case 'every':
    case 'not':
      return `${node.kind} ${printBehind(node.operand)}`;
    case 'every-distinct':
      return `every-distinct(${printList(node.keys)}) ${printBehind(node.operand)}`;
    case 'repeat': {
      const until = node.until === undefined ? '' : ` until ${print(node.until, levels.prefix)}`;
      return `${printRange(node)}${print(node.operand, levels.prefix)}${until}`;
    }
    case 'guard': {
      const { guard } = node;
      const condition =
        guard.kind === 'while'
          ? ` while (${printExpression(guard.condition)})`
          : ` where ${printPlugin(guard)}`;
      return print(node.operand, levels.atom) + condition;
    }
    case 'filter': {
      const tag = node.tag === undefined ? '' : `${printName(node.tag)}=`;
      const consume = node.consume === undefined ? '' : ` @consume(${node.consume})`;
      return `${tag}${printEventFilter(node.filter)}${consume}`;
    }
    case 'observer':
      return printPlugin(node);
    default:
      return node satisfies never;
  }
}

/** Behind `every` and `not`: parentheses around all but guards and atoms, which reads best and is never wrong. */
const printBehind = (node: PatternNode): string => print(node, levels.guard);

function printRange({ low, high, exact }: PatternRepeat): string {
  if (low === undefined && high === undefined) return '';
  const bound = (value: PatternRepeat['low']) => (value === undefined ? '' : printExpression(value));
  return exact ? `[${bound(low)}] ` : `[${bound(low)}:${bound(high)}] `;
}

const printPlugin = ({ namespace, name, arguments: list }: NamedPlugin): string =>
  `${namespace}:${name}(${printCronFields(list)})`;

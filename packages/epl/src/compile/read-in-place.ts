import type { Bound } from '../plan/expression.ts';

/**
 * The text, in generated code, of what can be read without a call: `s` is the subject, `g` the group. Undefined for
 * everything else. Names come in through JSON.stringify only.
 */
export function readInPlace(node: Bound, joined: boolean): string | undefined {
  switch (node.kind) {
    case 'property':
      return joined ? `s[${node.stream}][${JSON.stringify(node.name)}]` : `s[${JSON.stringify(node.name)}]`;
    case 'group-key':
      return `g.k${node.index}`;
    case 'aggregate':
      return `g.aggregate(${node.index})`;
    default:
      return undefined;
  }
}

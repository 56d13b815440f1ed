import type { Bound } from './expression.ts';

/** The direct operands of a node, for walks over the tree. */
export function operandsOf(node: Bound): readonly Bound[] {
  switch (node.kind) {
    case 'constant':
    case 'property':
    case 'event':
    case 'now':
    case 'variable':
    case 'context':
    case 'is-new':
    case 'aggregate':
    case 'group-key':
    case 'grouping':
    case 'parameter':
      return [];
    case 'table-access':
      return node.keys;
    case 'table-keys':
      return [];
    case 'subquery':
      return node.left === undefined ? node.outer : [node.left, ...node.outer];
    case 'member':
      return [node.base];
    case 'element':
      return [node.base, node.index];
    case 'arithmetic':
    case 'bitwise':
    case 'comparison':
    case 'is':
      return [node.left, node.right];
    case 'concatenation':
    case 'and':
    case 'or':
      return node.operands;
    case 'negation':
    case 'not':
    case 'cast':
    case 'typeof':
      return [node.operand];
    case 'quantified':
      return [node.left, ...node.list];
    case 'range':
      return [node.value, node.low, node.high];
    case 'in-list':
      return [node.value, ...node.list];
    case 'like':
    case 'regexp':
      return [node.value, node.pattern];
    case 'instanceof':
      return [node.operand];
    case 'has-property':
      return [node.base];
    case 'struct':
      return node.columns.map(({ value }) => value);
    case 'previous':
      return [node.index, node.value];
    case 'prior':
      return [node.value];
    case 'local-aggregate':
      return node.keys;
    case 'case':
      return [
        node.operand,
        ...node.branches.flatMap(({ when, result }) => [when, result]),
        node.otherwise,
      ].filter((operand) => operand !== undefined);
    case 'array':
      return node.elements;
    case 'call':
    case 'user-call':
      return node.arguments;
    case 'enumeration':
      return [node.base, ...node.arguments, ...node.lambdas.map(({ body }) => body)];
    default:
      return node satisfies never;
  }
}

/** Whether the node or anything below it satisfies the test. */
export function someNode(node: Bound, test: (node: Bound) => boolean): boolean {
  return test(node) || operandsOf(node).some((operand) => someNode(operand, test));
}

/** The names of the variables that are read. */
export function variablesOf(node: Bound): readonly string[] {
  const names = new Set<string>();
  someNode(node, (part) => {
    if (part.kind === 'variable') names.add(part.name);
    return false;
  });
  return [...names];
}

/** The operands of a conjunction, or the expression itself. */
export function conjuncts(node: Bound | undefined): readonly Bound[] {
  if (node === undefined) return [];
  return node.kind === 'and' ? node.operands.flatMap((operand) => conjuncts(operand)) : [node];
}

/** All of them, as one expression. */
export function conjunction(nodes: readonly Bound[]): Bound | undefined {
  if (nodes.length < 2) return nodes[0];
  return { kind: 'and', type: 'boolean', operands: nodes };
}

/** A copy in which `replace` has exchanged nodes, from the top down; undefined leaves a node and looks below it. */
export function rewrite(node: Bound, replace: (node: Bound) => Bound | undefined): Bound {
  const replaced = replace(node);
  if (replaced !== undefined) return replaced;
  const go = (operand: Bound) => rewrite(operand, replace);
  switch (node.kind) {
    case 'constant':
    case 'property':
    case 'event':
    case 'now':
    case 'variable':
    case 'context':
    case 'is-new':
    case 'aggregate':
    case 'group-key':
    case 'grouping':
    case 'parameter':
    // The value belongs to another event: nothing that is true of this one holds for it.
    case 'prior':
      return node;
    case 'previous':
      return { ...node, index: go(node.index) };
    case 'table-keys':
      return node;
    case 'table-access':
    case 'local-aggregate':
      return { ...node, keys: node.keys.map(go) };
    case 'subquery':
      return { ...node, left: node.left && go(node.left), outer: node.outer.map(go) };
    case 'member':
      return { ...node, base: go(node.base) };
    case 'element':
      return { ...node, base: go(node.base), index: go(node.index) };
    case 'arithmetic':
    case 'bitwise':
    case 'comparison':
    case 'is':
      return { ...node, left: go(node.left), right: go(node.right) };
    case 'concatenation':
    case 'and':
    case 'or':
      return { ...node, operands: node.operands.map(go) };
    case 'negation':
    case 'not':
    case 'cast':
    case 'typeof':
      return { ...node, operand: go(node.operand) };
    case 'quantified':
      return { ...node, left: go(node.left), list: node.list.map(go) };
    case 'range':
      return { ...node, value: go(node.value), low: go(node.low), high: go(node.high) };
    case 'in-list':
      return { ...node, value: go(node.value), list: node.list.map(go) };
    case 'like':
    case 'regexp':
      return { ...node, value: go(node.value), pattern: go(node.pattern) };
    case 'instanceof':
      return { ...node, operand: go(node.operand) };
    case 'has-property':
      return { ...node, base: go(node.base) };
    case 'struct':
      return { ...node, columns: node.columns.map(({ name, value }) => ({ name, value: go(value) })) };
    case 'case':
      return {
        ...node,
        operand: node.operand && go(node.operand),
        branches: node.branches.map((branch) => ({ when: go(branch.when), result: go(branch.result) })),
        otherwise: node.otherwise && go(node.otherwise),
      };
    case 'array':
      return { ...node, elements: node.elements.map(go) };
    case 'call':
    case 'user-call':
      return { ...node, arguments: node.arguments.map(go) };
    case 'enumeration':
      return {
        ...node,
        base: go(node.base),
        arguments: node.arguments.map(go),
        lambdas: node.lambdas.map((lambda) => ({ ...lambda, body: go(lambda.body) })),
      };
    default:
      return node satisfies never;
  }
}

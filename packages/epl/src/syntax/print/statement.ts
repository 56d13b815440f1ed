import type { Name, StatementNode } from '../statement.ts';
import { printAnnotations } from './annotation.ts';
import { printContext } from './context.ts';
import {
  printCreateIndex,
  printCreateSchema,
  printCreateTable,
  printCreateVariable,
  printCreateWindow,
  printDeclaration,
} from './definition.ts';
import { printList } from './expression.ts';
import { joinWords, printName } from './name.ts';
import { printAssignments } from './output-rate.ts';
import { printSelect, printWhere } from './select.ts';
import { printAs } from './stream.ts';
import { printTrigger } from './trigger.ts';

/** The statement as EPL that parses to the same tree. */
export function printStatement(node: StatementNode): string {
  return joinWords(
    printAnnotations(node.annotations),
    ...node.declarations.map(printDeclaration),
    node.context && `context ${printName(node.context.name)}`,
    printBody(node),
  );
}

function printBody(node: StatementNode): string {
  switch (node.kind) {
    case 'create-schema':
      return printCreateSchema(node);
    case 'create-window':
      return printCreateWindow(node);
    case 'create-table':
      return printCreateTable(node);
    case 'create-index':
      return printCreateIndex(node);
    case 'create-variable':
      return printCreateVariable(node);
    case 'create-expression':
      return `create ${printDeclaration(node.declaration)}`;
    case 'create-context':
      return `create context ${printName(node.name.name)} ${printContext(node.body)}`;
    case 'select':
      return printSelect(node);
    case 'on':
      return printTrigger(node);
    case 'update-stream':
      return joinWords(
        `update istream ${printTarget(node)} set ${printAssignments(node.assignments)}`,
        printWhere(node.where),
      );
    case 'query-update':
      return joinWords(
        `update ${printTarget(node)} set ${printAssignments(node.assignments)}`,
        printWhere(node.where),
      );
    case 'query-delete':
      return joinWords(`delete from ${printTarget(node)}`, printWhere(node.where));
    case 'query-insert': {
      const columns = node.columns && `(${node.columns.map(({ name }) => printName(name)).join(', ')})`;
      const rows = node.rows.map((row) => `(${printList(row)})`).join(', ');
      return joinWords(`insert into ${printName(node.target.name)}`, columns, `values ${rows}`);
    }
    default:
      return node satisfies never;
  }
}

const printTarget = ({ target, alias }: { target: Name; alias?: Name }): string =>
  joinWords(printName(target.name), printAs(alias));

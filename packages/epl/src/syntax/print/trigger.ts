import type { Name } from '../statement.ts';
import type { MergeAction, MergeBranch, SplitBranch, Trigger, TriggerAction } from '../trigger.ts';
import { printExpression } from './expression.ts';
import { joinWords, printName } from './name.ts';
import { printAssignments } from './output-rate.ts';
import {
  printGroupBy,
  printHaving,
  printInsertInto,
  printItems,
  printLimit,
  printOrderBy,
  printWhere,
} from './select.ts';
import { printAs, printContained, printSource } from './stream.ts';

export const printTrigger = ({ event, alias, action }: Trigger): string =>
  joinWords(`on ${printSource(event)}`, printAs(alias), printAction(action));

const printTarget = (action: { target: Name; targetAlias?: Name }): string =>
  joinWords(printName(action.target.name), printAs(action.targetAlias));

function printAction(action: TriggerAction): string {
  switch (action.kind) {
    case 'select':
      return joinWords(
        action.insertInto && printInsertInto(action.insertInto),
        'select',
        action.andDelete && 'and delete',
        action.distinct && 'distinct',
        printItems(action.items),
        `from ${printTarget(action)}`,
        printWhere(action.where),
        printGroupBy(action.groupBy),
        printHaving(action.having),
        printOrderBy(action.orderBy),
        printLimit(action.limit),
      );
    case 'delete':
      return joinWords(`delete from ${printTarget(action)}`, printWhere(action.where));
    case 'update':
      return joinWords(
        `update ${printTarget(action)} set ${printAssignments(action.assignments)}`,
        printWhere(action.where),
      );
    case 'merge':
      return joinWords(
        `merge ${printTarget(action)}`,
        printWhere(action.where),
        ...action.branches.map(printBranch),
        action.insert && printMergeAction(action.insert),
      );
    case 'set':
      return `set ${printAssignments(action.assignments)}`;
    case 'split':
      return joinWords(action.branches.map(printSplit).join(' '), action.output && `output ${action.output}`);
    default:
      return action satisfies never;
  }
}

const printBranch = ({ matched, condition, actions }: MergeBranch): string =>
  joinWords(
    matched ? 'when matched' : 'when not matched',
    condition && `and ${printExpression(condition)}`,
    ...actions.map((action) => `then ${printMergeAction(action)}`),
  );

function printMergeAction(action: MergeAction): string {
  switch (action.kind) {
    case 'delete':
      return joinWords('delete', printWhere(action.where));
    case 'update':
      return joinWords(`update set ${printAssignments(action.assignments)}`, printWhere(action.where));
    case 'insert':
      return joinWords(
        'insert',
        action.target && `into ${printName(action.target.name)}`,
        action.columns && `(${action.columns.map(({ name }) => printName(name)).join(', ')})`,
        `select ${printItems(action.items)}`,
        printWhere(action.where),
      );
    default:
      return action satisfies never;
  }
}

const printSplit = ({ insertInto, items, contained, containedAlias, where }: SplitBranch): string =>
  joinWords(
    printInsertInto(insertInto),
    `select ${printItems(items)}`,
    contained.length > 0 && `from ${printContained(contained)}`,
    printAs(containedAlias),
    printWhere(where),
  );

import type { TablePlan } from '../../plan/store-plan.ts';
import type { SelectHost } from '../select-instance.ts';
import { StatementEnvironment } from '../statement-environment.ts';
import type { StoreRegistry } from '../store/store-registry.ts';
import { Table } from './table.ts';

/** Starts a `create table`: its rows count in the budget of the statement. */
export function createTable(plan: TablePlan, host: SelectHost, stores: StoreRegistry): Table {
  const table = new Table(plan, new StatementEnvironment(host));
  host.budget.mayDrop(table);
  stores.add(table);
  return table;
}
